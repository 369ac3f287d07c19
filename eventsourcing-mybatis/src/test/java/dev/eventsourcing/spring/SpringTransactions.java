package dev.eventsourcing.spring;

import dev.eventsourcing.persistence.Transactions;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.Assert;

/** Lets recorders take part in Spring's transactions, those of {@code @Transactional} included. */
public final class SpringTransactions implements Transactions {
    private final DataSource dataSource;
    private final TransactionTemplate joining;
    private final TransactionTemplate outside;

    public SpringTransactions(PlatformTransactionManager manager, DataSource dataSource) {
        this.dataSource = dataSource;
        joining = new TransactionTemplate(manager);
        outside = new TransactionTemplate(manager);
        outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    }

    @Override
    public <T> T required(Supplier<T> work) {
        return joining.execute(status -> {
            Assert.state(active(), "The transaction manager is one of another data source");
            return work.get();
        });
    }

    @Override
    public boolean active() {
        // A transaction of this data source: there may be others.
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.hasResource(dataSource);
    }

    @Override
    public boolean afterCommit(Runnable action) {
        if (!active()) {
            return false;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                // Spring logs what is thrown here. The committed transaction still counts as active: step out of it.
                if (status == STATUS_COMMITTED) {
                    outside.executeWithoutResult(none -> action.run());
                }
            }
        });
        return true;
    }
}
