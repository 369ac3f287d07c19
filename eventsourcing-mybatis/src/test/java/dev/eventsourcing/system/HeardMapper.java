package dev.eventsourcing.system;

import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Param;

/** What the projection of {@link NodeProgram} writes. */
interface HeardMapper {
    /** Has room for a word that is written twice. */
    String TABLE = """
            CREATE TABLE heard (
                n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                node TEXT NOT NULL,
                originator TEXT NOT NULL,
                word TEXT NOT NULL,
                at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp())
            """;

    @Insert("INSERT INTO heard (node, originator, word) VALUES (#{node}, #{originator}, #{word})")
    void insert(@Param("node") String node, @Param("originator") String originator, @Param("word") String word);
}
