using System.Text;

namespace Agent.Viewer.Storage;

/// <summary>Which texts a <see cref="FilterTerm"/> with <c>=</c> or <c>~</c> means.</summary>
sealed class TextPattern(FilterTerm term)
{
    readonly byte[][] _pieces = [.. term.Value.Split('*').Select(Encoding.UTF8.GetBytes)];

    /// <summary>Whether it is one text, and no other.</summary>
    public bool IsOneText => term.Operator == FilterOperator.Equal && _pieces.Length == 1;

    public bool Matches(string text) => term.Operator switch
    {
        FilterOperator.Exists => true,
        FilterOperator.Equal => MatchesPieces(Encoding.UTF8.GetBytes(text)),
        FilterOperator.Contains => text.Contains(term.Value, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    /// <summary>Whether a text in UTF-8 is what stands between the * one after the other, the first at the beginning, the last at the end.</summary>
    public bool MatchesPieces(ReadOnlySpan<byte> text)
    {
        if (_pieces.Length == 1)
            return text.SequenceEqual(_pieces[0]);
        if (!text.StartsWith(_pieces[0]))
            return false;
        text = text[_pieces[0].Length..];
        foreach (var piece in _pieces.AsSpan(1, _pieces.Length - 2))
        {
            var found = text.IndexOf(piece);
            if (found < 0)
                return false;
            text = text[(found + piece.Length)..];
        }

        return text.EndsWith(_pieces[^1]);
    }
}
