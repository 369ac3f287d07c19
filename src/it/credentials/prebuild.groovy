import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.ItPostgres

def url = ItPostgres.newDatabase()
ItDatabase.execute(url, '''
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'headmaster') THEN
            CREATE ROLE headmaster LOGIN SUPERUSER PASSWORD 'canary-encrypted';
        END IF;
    END $$''')
// Who connects comes from the server.
new File(basedir, 'test.properties').text = "school.url=${url.replaceFirst(/\?.*/, '')}\n"
return true
