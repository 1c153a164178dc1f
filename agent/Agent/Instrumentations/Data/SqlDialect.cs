namespace Agent.Instrumentations.Data;

/// <summary>Where databases read the same SQL text differently, so that a literal in one is something else in another.</summary>
enum SqlDialect
{
    /// <summary>Text in double quotes is a name; # is an operator.</summary>
    Standard,

    /// <summary>Text in double quotes is a string, a backslash escapes, # begins a comment.</summary>
    MySql,
}
