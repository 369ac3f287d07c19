CREATE TABLE "eventsourcing_schema_history" (
  "installed_rank" INTEGER NOT NULL,
  "version" CHARACTER VARYING(50),
  "description" CHARACTER VARYING(200) NOT NULL,
  "type" CHARACTER VARYING(20) NOT NULL,
  "script" CHARACTER VARYING(1000) NOT NULL,
  "checksum" INTEGER,
  "installed_by" CHARACTER VARYING(100) NOT NULL,
  "installed_on" TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL,
  "execution_time" INTEGER NOT NULL,
  "success" BOOLEAN NOT NULL,
  CONSTRAINT "eventsourcing_schema_history_pk" PRIMARY KEY ("installed_rank")
);
CREATE INDEX "eventsourcing_schema_history_s_idx" ON "eventsourcing_schema_history" ("success");
