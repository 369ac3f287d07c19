import dev.eventsourcing.maven.it.Steps

def (several, empty, misspelt, closed, traced) = Steps.of(basedir).collect { it.log }

assert several.contains('Found 4 runners. Say which one with one of:')
assert ['DAY', 'closed', 'day', 'evening'].every { several.contains("  -Drunner=many.Schools::$it") }
assert empty.contains('-Ddry-run= is none of false, true, plan.')
assert misspelt.contains('There is no flag -DdryRun. Write -Ddry-run.')
// Nothing was migrated.
assert !new File(basedir, 'target/eventsourcing.mv.db').exists()

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
return true
