def log = new File(basedir, 'build.log').text

assert log.count('no connection to the database. Connection to localhost:1 refused.') >= 2
// Asked once, not by each follower.
assert !log.contains('[1/2]')
assert log.contains('Check that it runs, the URL, the user and the password.')
assert !(log =~ /(?m)^\s+at [a-z]/)
return true
