namespace Agent.Instrumentations.Data;

/// <summary>Rows that follow a statement without being part of its grammar: <c>INSERT … FORMAT CSV</c> and <c>COPY … FROM STDIN</c>.</summary>
ref struct SqlRows(SqlDialect dialect)
{
    enum Expectation
    {
        Nothing,

        /// <summary>The first word of a statement.</summary>
        Statement,

        /// <summary>The name of a format, after <c>FORMAT</c>.</summary>
        Format,

        /// <summary><c>STDIN</c>, after <c>FROM</c>.</summary>
        Input,

        /// <summary>The end of a statement, or of its line.</summary>
        End,

        /// <summary>What comes is rows.</summary>
        Rows,
    }

    readonly bool _mayInsert = dialect == SqlDialect.Unknown; // ClickHouse
    Expectation _expectation = Expectation.Statement;
    bool _isInsert;
    bool _isCopy;

    /// <summary>Whether rows begin with this token.</summary>
    public bool BeginAt(bool isWord, ReadOnlySpan<char> token)
    {
        if (_expectation == Expectation.Rows)
            return !token.IsWhiteSpace();
        if (isWord)
        {
            _expectation = _expectation switch
            {
                Expectation.Statement => Begin(token),
                Expectation.Format => Expectation.Rows,
                Expectation.Input when Is(token, "STDIN") => Expectation.End,
                Expectation.End => Expectation.End,
                _ when _isInsert && Is(token, "FORMAT") => Expectation.Format,
                _ when _isCopy && Is(token, "FROM") => Expectation.Input,
                _ => Expectation.Nothing,
            };
        }
        else if (token is [';', ..])
        {
            _expectation = _expectation == Expectation.End ? Expectation.Rows : Expectation.Statement;
        }
        else if (!token.IsWhiteSpace() && _expectation is Expectation.Format or Expectation.Input)
        {
            _expectation = Expectation.Nothing; // format(…), a column of that name
        }
        else if (_expectation == Expectation.End && token.Contains('\n'))
        {
            _expectation = Expectation.Rows;
        }

        return false;
    }

    Expectation Begin(ReadOnlySpan<char> word)
    {
        (_isInsert, _isCopy) = (_mayInsert && Is(word, "INSERT"), Is(word, "COPY"));
        return Expectation.Nothing;
    }

    static bool Is(ReadOnlySpan<char> token, string word) => token.Equals(word, StringComparison.OrdinalIgnoreCase);
}
