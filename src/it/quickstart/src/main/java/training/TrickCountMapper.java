package training;

import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

public interface TrickCountMapper {
    @Update("CREATE TABLE IF NOT EXISTS trick_counts (trick VARCHAR(100) PRIMARY KEY, dogs INT NOT NULL)")
    void createTable();

    @Update("UPDATE trick_counts SET dogs = dogs + 1 WHERE trick = #{trick}")
    int addDog(String trick);

    @Insert("INSERT INTO trick_counts (trick, dogs) VALUES (#{trick}, 1)")
    void insertFirstDog(String trick);

    @Select("SELECT trick, dogs FROM trick_counts ORDER BY dogs DESC, trick")
    List<TrickCount> selectAll();
}
