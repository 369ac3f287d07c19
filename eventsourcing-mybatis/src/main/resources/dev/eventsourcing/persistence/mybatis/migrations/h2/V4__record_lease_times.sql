-- How long a lease lasts unless its holder renews it, and the holder that said so: a program of an earlier version writes neither
-- column, so the time counts only while timed_holder is the holder. A process that waits for a lease measures this time by its own
-- clock, because the database's clock may have been put back.
ALTER TABLE follower_leases ADD COLUMN IF NOT EXISTS lease_millis BIGINT;
ALTER TABLE follower_leases ADD COLUMN IF NOT EXISTS timed_holder CHARACTER VARYING;
