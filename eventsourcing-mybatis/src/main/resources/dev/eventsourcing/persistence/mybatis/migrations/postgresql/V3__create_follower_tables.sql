-- Which process works for a follower, and until when by this server's clock. It saves work and keeps nothing correct: that is
-- what notification_tracking does. A row of its own, as one that is prolonged must not wait for a position that is being moved.
CREATE TABLE follower_leases (
  follower_name varchar(128) NOT NULL,
  holder text NOT NULL,
  until timestamptz NOT NULL,
  CONSTRAINT follower_leases_pkey PRIMARY KEY (follower_name)
)
-- A row is updated with every prolongation: room for its next version on its own page.
WITH (fillfactor = 50);

-- Events that a follower has put aside: it could not process them, or an earlier one of the same originator. The events
-- themselves are in the leader's log.
CREATE TABLE parked_events (
  application_name varchar(128) NOT NULL,
  leader_name varchar(128) NOT NULL,
  notification_id bigint NOT NULL,
  originator_id uuid NOT NULL,
  originator_version bigint NOT NULL,
  topic text NOT NULL,
  reason text NOT NULL,
  attempts integer NOT NULL,
  parked_at timestamptz NOT NULL,
  CONSTRAINT parked_events_pkey PRIMARY KEY (application_name, leader_name, notification_id)
);

-- Whether an originator has events here is asked for with every batch.
CREATE INDEX parked_events_originator ON parked_events (application_name, leader_name, originator_id, notification_id);
