-- How the order of the log is kept. Programs take it from here, and one that was told otherwise is refused: writers of two
-- kinds must not mix. It is changed by the library only, which then changes the column of the ids with it.
CREATE TABLE event_ordering (
  only_row boolean NOT NULL DEFAULT true,
  strategy text NOT NULL,
  CONSTRAINT event_ordering_pkey PRIMARY KEY (only_row),
  CONSTRAINT event_ordering_only_row CHECK (only_row),
  CONSTRAINT event_ordering_strategy CHECK (strategy IN ('readers-barrier', 'counter-row', 'table-lock'))
);
INSERT INTO event_ordering (strategy) VALUES ('readers-barrier');

-- The last id that was given where the strategy is counter-row; else not in use.
CREATE TABLE notification_counter (
  only_row boolean NOT NULL DEFAULT true,
  last_id bigint NOT NULL,
  CONSTRAINT notification_counter_pkey PRIMARY KEY (only_row),
  CONSTRAINT notification_counter_only_row CHECK (only_row)
);
INSERT INTO notification_counter (last_id) VALUES (0);
