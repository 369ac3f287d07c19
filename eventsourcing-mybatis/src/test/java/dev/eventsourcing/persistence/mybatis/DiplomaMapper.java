package dev.eventsourcing.persistence.mybatis;

import java.util.List;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.Update;

/** A user's mapper, for a read model of a follower. */
interface DiplomaMapper {
    @Insert("INSERT INTO diplomas (dog, trick) VALUES (#{dog}, #{trick})")
    void award(@Param("dog") String dog, @Param("trick") String trick);

    @Update("UPDATE diplomas SET trick = #{trick} WHERE dog = #{dog}")
    void rename(@Param("dog") String dog, @Param("trick") String trick);

    @Select("SELECT trick FROM diplomas WHERE dog = #{dog} ORDER BY trick")
    List<String> tricksOf(String dog);

    @Insert("INSERT INTO no_such_table (dog) VALUES (#{dog})")
    void fail(String dog);
}
