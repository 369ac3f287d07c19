-- Events of all applications. The primary key is the order in which followers read one application's log; id alone has no
-- index, for a poll would then scan other applications' rows.
CREATE TABLE stored_events (
  id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1),
  application_name varchar(128) NOT NULL,
  originator_id uuid NOT NULL,
  originator_version bigint NOT NULL,
  topic text NOT NULL,
  state bytea NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT stored_events_pkey PRIMARY KEY (application_name, id),
  CONSTRAINT stored_events_version_key UNIQUE (application_name, originator_id, originator_version)
)
-- The table only grows: pages are frozen soon after they are filled, and once.
WITH (autovacuum_vacuum_insert_scale_factor = 0.02, autovacuum_freeze_min_age = 0);

-- State of aggregates at a version; may be deleted at any time.
CREATE TABLE snapshots (
  application_name varchar(128) NOT NULL,
  originator_id uuid NOT NULL,
  originator_version bigint NOT NULL,
  topic text NOT NULL,
  state bytea NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT snapshots_pkey PRIMARY KEY (application_name, originator_id, originator_version)
);

-- How far each follower has come in the log of each of its leaders. A reset starts a new epoch.
CREATE TABLE notification_tracking (
  application_name varchar(128) NOT NULL,
  leader_name varchar(128) NOT NULL,
  notification_id bigint NOT NULL,
  epoch bigint NOT NULL,
  CONSTRAINT notification_tracking_pkey PRIMARY KEY (application_name, leader_name)
)
-- A row is updated with every batch: room for its next version on its own page.
WITH (fillfactor = 50);
