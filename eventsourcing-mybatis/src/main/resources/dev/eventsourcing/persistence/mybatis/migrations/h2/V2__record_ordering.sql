-- How the order of the log is kept. Programs take it from here, and one that was told otherwise is refused.
CREATE TABLE event_ordering (
  only_row BOOLEAN DEFAULT TRUE NOT NULL,
  strategy CHARACTER VARYING NOT NULL,
  CONSTRAINT event_ordering_pkey PRIMARY KEY (only_row),
  CONSTRAINT event_ordering_only_row CHECK (only_row),
  CONSTRAINT event_ordering_strategy CHECK (strategy = 'counter-row')
);
INSERT INTO event_ordering (strategy) VALUES ('counter-row');
