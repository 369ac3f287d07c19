def log = new File(basedir, 'build.log').text

assert log.contains('Run: mvn eventsourcing:migrate')
assert !(log =~ /(?m)^\s+at [a-z]/)
return true
