package visitors;

import org.apache.ibatis.annotations.Insert;

public interface VisitorMapper {
    @Insert("INSERT INTO visitors (name, visits) VALUES (#{name}, 1)")
    void insert(String name);
}
