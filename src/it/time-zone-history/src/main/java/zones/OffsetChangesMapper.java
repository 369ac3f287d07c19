package zones;

import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Update;

public interface OffsetChangesMapper {
    @Update("CREATE TABLE offset_changes (year INT PRIMARY KEY, changes INT NOT NULL)")
    void createTable();

    @Insert("INSERT INTO offset_changes VALUES (#{year}, 1)"
            + " ON CONFLICT (year) DO UPDATE SET changes = offset_changes.changes + 1")
    void count(int year);
}
