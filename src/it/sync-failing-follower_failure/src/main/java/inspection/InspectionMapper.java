package inspection;

import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Update;

public interface InspectionMapper {
    @Update("CREATE TABLE inspection_notes (trick VARCHAR(100) NOT NULL)")
    void createTable();

    @Insert("INSERT INTO inspection_notes (trick) VALUES (#{trick})")
    void insert(String trick);
}
