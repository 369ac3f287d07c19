-- Which process works for a follower, and until when by the database's clock. It saves work and keeps nothing correct: that is
-- what notification_tracking does. A row of its own, as one that is prolonged must not wait for a position that is being moved.
CREATE TABLE follower_leases (
  follower_name CHARACTER VARYING(128) NOT NULL,
  holder CHARACTER VARYING NOT NULL,
  until TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  CONSTRAINT follower_leases_pkey PRIMARY KEY (follower_name)
);

-- Events that a follower has put aside: it could not process them, or an earlier one of the same originator. The events
-- themselves are in the leader's log.
CREATE TABLE parked_events (
  application_name CHARACTER VARYING(128) NOT NULL,
  leader_name CHARACTER VARYING(128) NOT NULL,
  notification_id BIGINT NOT NULL,
  originator_id UUID NOT NULL,
  originator_version BIGINT NOT NULL,
  topic CHARACTER VARYING NOT NULL,
  reason CHARACTER VARYING NOT NULL,
  attempts INTEGER NOT NULL,
  parked_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  CONSTRAINT parked_events_pkey PRIMARY KEY (application_name, leader_name, notification_id)
);

-- Whether an originator has events here is asked for with every batch.
CREATE INDEX parked_events_originator ON parked_events (application_name, leader_name, originator_id, notification_id);
