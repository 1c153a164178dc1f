namespace Agent.Instrumentations.Data;

/// <summary>Where databases read the same SQL text differently, so that a literal in one is something else in another.</summary>
enum SqlDialect
{
    /// <summary>Text in double quotes or brackets is a name; # is an operator. Also what only some of them have: E'…\'…', q'[…]', $$…$$.</summary>
    Standard,

    /// <summary>Text in double quotes is a string, a backslash escapes, # begins a comment.</summary>
    MySql,

    /// <summary>
    /// That of a database that is not known: what one may read as data and another not counts as data, and where even its end depends on
    /// the reading, so does the rest of the text.
    /// </summary>
    Unknown,
}
