-- Which topics the follower processes, percent-encoded and separated by spaces; empty for all, null where no program has said so.
ALTER TABLE notification_tracking ADD COLUMN IF NOT EXISTS followed_topics CHARACTER VARYING;
