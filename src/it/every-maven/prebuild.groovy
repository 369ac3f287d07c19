// A JDK that is the one of the build, but tells that it was taken.
def home = System.getProperty('java.home')
def bin = new File(basedir, 'a jdk/bin')
bin.mkdirs()
['java': '-Dit.jdk=toolchain', 'javac': ''].each { tool, more ->
    def script = new File(bin, tool)
    script.text = """#!/bin/sh
exec '${home}/bin/${tool}' ${more} "\$@"
"""
    assert script.setExecutable(true)
}
return true
