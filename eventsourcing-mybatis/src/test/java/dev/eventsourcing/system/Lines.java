package dev.eventsourcing.system;

import java.util.List;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** A user's mapper of a read model. */
interface Lines {
    String TABLE = "CREATE TABLE lines (word VARCHAR(100) PRIMARY KEY, times INT NOT NULL DEFAULT 1)";

    @Insert("INSERT INTO lines (word) VALUES (#{word})")
    void insert(String word);

    @Update("UPDATE lines SET times = times + 1 WHERE word LIKE #{pattern}")
    void again(String pattern);

    @Delete("DELETE FROM lines WHERE word = #{word}")
    int delete(String word);

    @Select("SELECT word FROM lines ORDER BY word")
    List<String> all();
}
