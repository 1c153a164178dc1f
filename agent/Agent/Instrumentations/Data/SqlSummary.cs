namespace Agent.Instrumentations.Data;

/// <summary>
/// Makes the summary of a SQL text from its tokens: groups «OPERATION target…» in order of appearance, each different group once
/// (semantic conventions, db.query.summary). Not a parser: where SQL is ambiguous without one, a target is missing or a name too many
/// is there, but never a literal.
/// </summary>
sealed class SqlSummary
{
    const int Longest = 255;
    const int LongestKeyword = 16;

    readonly List<string> _parts = [];
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    readonly List<string> _group = [];
    Place _place = Place.Start;
    Before _before;
    bool _isBehindDot;
    int _length;
    bool _isFull;

    enum Place
    {
        /// <summary>Of a statement.</summary>
        Start,

        /// <summary>No name is of interest.</summary>
        Elsewhere,

        /// <summary>Behind CREATE, DROP or ALTER: the kind of object comes next.</summary>
        Kind,

        /// <summary>The next name is a target.</summary>
        Target,

        /// <summary>Right behind a target: a dot goes on with it, a comma brings another one.</summary>
        BehindTarget,

        /// <summary>Behind a target and its alias: a comma brings another target.</summary>
        BehindAlias,
    }

    /// <summary>The word just before, as far as it changes what the next one means.</summary>
    enum Before
    {
        Other,

        /// <summary>ON DELETE, DO UPDATE, FOR UPDATE, AFTER INSERT, THEN UPDATE …: no operation of its own.</summary>
        Clause,

        /// <summary>IS DISTINCT FROM compares values.</summary>
        Distinct,
    }

    /// <summary>A word without quotes: keyword or name.</summary>
    public void AddWord(ReadOnlySpan<char> word)
    {
        if (_isBehindDot)
        {
            AddName(word);
            return;
        }
        Span<char> buffer = stackalloc char[LongestKeyword];
        ReadOnlySpan<char> upper = word.Length <= LongestKeyword ? buffer[..word.ToUpperInvariant(buffer)] : default;
        var before = _before;
        _before = upper switch
        {
            "ON" or "DO" or "FOR" or "KEY" or "OF" or "AFTER" or "BEFORE" or "THEN" => Before.Clause,
            "DISTINCT" => Before.Distinct,
            _ => Before.Other,
        };
        if (Operation(upper, before) is { } next)
        {
            EndGroup();
            _group.Add(upper.ToString());
            _place = next;
        }
        else if (upper is "FROM" or "JOIN" or "INTO")
        {
            _place = before == Before.Distinct ? Place.Elsewhere : Place.Target;
        }
        else if (upper is "VALUES")
        {
            _place = Place.Elsewhere;
        }
        else if (_place == Place.Kind)
        {
            AddKind(upper);
        }
        else if (_place == Place.BehindTarget && upper is "AS" || _place == Place.Target && IsBetween(upper))
        {
            // the name is still to come
        }
        else
        {
            AddName(word);
        }
    }

    /// <summary>A word that is a name and nothing else: quoted, or behind a dot.</summary>
    public void AddName(ReadOnlySpan<char> name)
    {
        if (_isBehindDot)
        {
            _isBehindDot = false;
            if (_place == Place.BehindTarget && _group.Count > 0)
                _group[^1] = $"{_group[^1]}.{name}";
            return;
        }
        if (_place == Place.Target && _group.Count > 0 && name.Length > 0)
            _group.Add(name.ToString());
        _place = _place switch
        {
            Place.Target => Place.BehindTarget,
            Place.BehindTarget => Place.BehindAlias,
            _ => Place.Elsewhere,
        };
    }

    /// <summary>Anything else but white space and comments; for literals and parameters their first character.</summary>
    public void AddSymbol(char symbol)
    {
        _isBehindDot = symbol == '.';
        _before = Before.Other;
        switch (symbol)
        {
            case '.':
                break;
            case ',' when _place is Place.BehindTarget or Place.BehindAlias:
                _place = Place.Target;
                break;
            case '(' when _place == Place.Target: // FROM (a JOIN b)
                break;
            case ';':
                EndGroup();
                _place = Place.Start;
                break;
            default:
                _place = Place.Elsewhere;
                break;
        }
    }

    /// <summary>The summary; empty if there was no operation.</summary>
    public string End()
    {
        EndGroup();
        return string.Join(' ', _parts);
    }

    /// <summary>Where an operation leads; null if the word is none here.</summary>
    Place? Operation(ReadOnlySpan<char> upper, Before before) => upper switch
    {
        "SELECT" => Place.Elsewhere,
        "INSERT" or "UPDATE" or "DELETE" => before == Before.Clause ? null : Place.Target,
        _ when _place != Place.Start => null, // the rest may be names or parts of other statements: ROLLBACK TO SAVEPOINT, OR REPLACE
        "MERGE" or "REPLACE" or "TRUNCATE" or "CALL" or "EXEC" or "EXECUTE" or "PRAGMA" => Place.Target,
        "CREATE" or "DROP" or "ALTER" => Place.Kind,
        "EXPLAIN" => Place.Start,
        "BEGIN" or "COMMIT" or "ROLLBACK" or "SAVEPOINT" or "RELEASE" or "VACUUM" or "ANALYZE" or "REINDEX" or "ATTACH" or "DETACH" => Place.Elsewhere,
        _ => null,
    };

    void AddKind(ReadOnlySpan<char> upper)
    {
        if (upper is "OR" or "REPLACE" or "TEMP" or "TEMPORARY" or "VIRTUAL" or "MATERIALIZED" or "CLUSTERED" or "NONCLUSTERED")
            return;
        _group.Add(upper.ToString());
        if (upper is not "UNIQUE")
            _place = Place.Target;
    }

    /// <summary>What may stand between a keyword and its target.</summary>
    static bool IsBetween(ReadOnlySpan<char> upper) => upper is "IF" or "NOT" or "EXISTS" or "OR" or "IGNORE" or "REPLACE" or "ABORT" or "FAIL" or "ROLLBACK"
        or "ONLY" or "LATERAL" or "TABLE" or "CONCURRENTLY" or "ON";

    void EndGroup()
    {
        if (_group.Count > 0 && !_isFull && _seen.Add(string.Join(' ', _group)))
        {
            foreach (var part in _group)
                AddPart(part);
        }
        _group.Clear();
    }

    void AddPart(string part)
    {
        var length = _length + (_parts.Count > 0 ? 1 : 0) + part.Length;
        _isFull |= length > Longest; // for good: a later, shorter one would stand in the wrong place
        if (_isFull)
            return;
        _parts.Add(part);
        _length = length;
    }
}
