-- Events of all applications. The primary key is the order in which followers read one application's log. Ids come from the
-- counter below and from nowhere else: a row that is inserted without one is refused.
CREATE TABLE stored_events (
  id BIGINT NOT NULL,
  application_name CHARACTER VARYING(128) NOT NULL,
  originator_id UUID NOT NULL,
  originator_version BIGINT NOT NULL,
  topic CHARACTER VARYING NOT NULL,
  state BINARY VARYING NOT NULL,
  recorded_at TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  CONSTRAINT stored_events_pkey PRIMARY KEY (application_name, id),
  CONSTRAINT stored_events_version_key UNIQUE (application_name, originator_id, originator_version)
);

-- The last id that was given. Who appends updates this row and so holds it until commit, which makes commits happen in the
-- order of the ids.
CREATE TABLE notification_counter (
  only_row BOOLEAN DEFAULT TRUE NOT NULL,
  last_id BIGINT NOT NULL,
  CONSTRAINT notification_counter_pkey PRIMARY KEY (only_row),
  CONSTRAINT notification_counter_only_row CHECK (only_row)
);
INSERT INTO notification_counter (last_id) VALUES (0);

-- State of aggregates at a version; may be deleted at any time.
CREATE TABLE snapshots (
  application_name CHARACTER VARYING(128) NOT NULL,
  originator_id UUID NOT NULL,
  originator_version BIGINT NOT NULL,
  topic CHARACTER VARYING NOT NULL,
  state BINARY VARYING NOT NULL,
  recorded_at TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP(6) NOT NULL,
  CONSTRAINT snapshots_pkey PRIMARY KEY (application_name, originator_id, originator_version)
);

-- How far each follower has come in the log of each of its leaders. A reset starts a new epoch.
CREATE TABLE notification_tracking (
  application_name CHARACTER VARYING(128) NOT NULL,
  leader_name CHARACTER VARYING(128) NOT NULL,
  notification_id BIGINT NOT NULL,
  epoch BIGINT NOT NULL,
  CONSTRAINT notification_tracking_pkey PRIMARY KEY (application_name, leader_name)
);
