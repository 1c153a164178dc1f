// Each test has processes of its own; two classes at a time leave no processor idle while one waits for a start or an end. More would starve them.
[assembly: Parallelize(Workers = 2, Scope = ExecutionScope.ClassLevel)]
