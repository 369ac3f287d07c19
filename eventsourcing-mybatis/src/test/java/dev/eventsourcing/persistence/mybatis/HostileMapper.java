package dev.eventsourcing.persistence.mybatis;

import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Param;

/** What the programs of the hostile test write beside events. */
interface HostileMapper {
    /** The tables; n is the order in which a reader was given what it has seen. */
    String TABLES = "CREATE TABLE seen (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, reader varchar(40) NOT NULL,"
            + " notification_id bigint NOT NULL, originator varchar(40) NOT NULL, version bigint NOT NULL);"
            + " CREATE TABLE elsewhere (what varchar(40) NOT NULL)";

    @Insert("INSERT INTO seen (reader, notification_id, originator, version)"
            + " VALUES (#{reader}, #{notificationId}, #{originator}, #{version})")
    void see(
            @Param("reader") String reader,
            @Param("notificationId") long notificationId,
            @Param("originator") String originator,
            @Param("version") long version);

    @Insert("INSERT INTO elsewhere (what) VALUES (#{what})")
    void writeElsewhere(String what);
}
