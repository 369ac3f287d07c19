/**
 * Recorders on H2 and PostgreSQL, mapped with MyBatis. All SQL is here: {@code statements.xml} has what runs, {@code
 * migrations} what defines the tables. Start at {@link dev.eventsourcing.persistence.mybatis.MyBatisRecorders}.
 */
@NullMarked
package dev.eventsourcing.persistence.mybatis;

import org.jspecify.annotations.NullMarked;
