-- Which log a position belongs to: "id:hash" of the last event at or below it, and of a few before, separated by spaces. A program of
-- an earlier version moves the position and leaves these columns as they are, so the marks count only while marked_id and
-- marked_epoch are those of the position.
ALTER TABLE notification_tracking
  ADD COLUMN IF NOT EXISTS marked_id bigint,
  ADD COLUMN IF NOT EXISTS marked_epoch bigint,
  ADD COLUMN IF NOT EXISTS marks text;
