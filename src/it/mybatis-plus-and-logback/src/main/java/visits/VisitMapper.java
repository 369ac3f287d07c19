package visits;

import com.baomidou.mybatisplus.core.mapper.BaseMapper;
import org.apache.ibatis.annotations.Update;

public interface VisitMapper extends BaseMapper<Visit> {
    @Update("CREATE TABLE IF NOT EXISTS visits (id BIGINT PRIMARY KEY, trick VARCHAR(40), tenant_id BIGINT NOT NULL)")
    void createTable();
}
