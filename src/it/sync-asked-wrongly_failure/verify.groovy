import dev.eventsourcing.maven.it.ItDatabase
import dev.eventsourcing.maven.it.Steps

def (several, hidden, closed, traced, followers) = Steps.of(basedir).collect { it.log }

assert several.contains('Found 4 runners. Say which one with one of:')
assert ['DAY', 'closed', 'day', 'evening'].every { several.contains("  -Drunner=many.Schools::$it") }

assert hidden.contains('-Drunner=many.Schools::hidden: method hidden is not public, and is not static. Name a')
assert hidden.contains('many.Schools has:')

def made = 'The runner many.Schools::closed could not be made: java.lang.IllegalStateException: The school is closed'
def frame = /\n(\[ERROR])? +at many\.Schools\.closed\(Schools\.java:\d+\)/
assert closed.contains(made)
assert closed.contains('  caused by java.lang.IllegalArgumentException: No such key')
assert (closed =~ frame).count == 1
assert !closed.contains('InvocationTargetException')
assert !closed.contains('Caused by:')
assert traced.contains(made)
assert traced.contains('Caused by: java.lang.IllegalStateException: The school is closed')
assert traced.contains('at dev.eventsourcing.tool.EventSourcingTool.main')

assert followers.contains('Unknown followers: Emails, Faxes. Known followers: Diplomas, TrickBoard.')
assert ItDatabase.counts(ItDatabase.defaultOf(basedir), 'notification_tracking', 'trick_counts') == [0, 0]
return true
