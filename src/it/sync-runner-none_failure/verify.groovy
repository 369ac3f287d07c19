def log = new File(basedir, 'build.log').text

assert log.contains('No runner found: none is named, none is provided as a service dev.eventsourcing.system.RunnerFactory')
assert log.contains('-Drunner=com.acme.School::runner')
assert log.contains('  In nearly.School, method runner is not static.')
return true
