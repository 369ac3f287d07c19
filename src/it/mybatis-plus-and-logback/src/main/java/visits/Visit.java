package visits;

import com.baomidou.mybatisplus.annotation.IdType;
import com.baomidou.mybatisplus.annotation.TableId;
import com.baomidou.mybatisplus.annotation.TableName;

/** A row; its table has a column for the tenant besides, which the program leaves to MyBatis-Plus. */
@TableName("visits")
public class Visit {
    @TableId(type = IdType.ASSIGN_ID)
    public Long id;

    public String trick;

    public Visit() {}

    public Visit(String trick) {
        this.trick = trick;
    }

    public Long getId() {
        return id;
    }

    public void setId(Long id) {
        this.id = id;
    }

    public String getTrick() {
        return trick;
    }

    public void setTrick(String trick) {
        this.trick = trick;
    }
}
