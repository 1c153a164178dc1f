using System.Buffers.Binary;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Agent.Viewer.Storage;

/// <summary>A <see cref="FilterTerm"/> that is asked of many spans: what can be found out once for a whole block is found out once.</summary>
sealed class SpanTerm
{
    readonly FilterTerm _term;
    readonly TextPattern _pattern;
    readonly double _number;
    readonly bool[] _kinds = new bool[6];
    Block _block = null!;
    int _name; // of the attribute in the block
    readonly bool _canBeNoText; // numbers, flags, bytes: they are in no table, so each one is looked at
    int _equal; // the one text that matches, if no bits are needed
    bool[]? _texts; // which texts match
    bool[] _scopes = []; // which scopes match, by themselves or their process

    public SpanTerm(FilterTerm term)
    {
        _term = term;
        _pattern = new TextPattern(term);
        _number = term.Number();
        _canBeNoText = term.Operator is not (FilterOperator.Equal or FilterOperator.Contains)
            || term.Value.All(static c => char.IsAsciiHexDigit(c) || c is '*' or '.' or '+' or '-')
            || ((string[])["true", "false", "NaN", "Infinity", "-Infinity"]).Any(_pattern.Matches);
        for (var kind = 0; kind < _kinds.Length; kind++)
            _kinds[kind] = _pattern.Matches(((SpanKind)kind).ToString().ToLowerInvariant());
    }

    bool IsFreeText => _term.Field.Length == 0;

    bool NeedsTexts => _term.Operator != FilterOperator.Exists && !_pattern.IsOneText;

    /// <summary>Turns to another block, of which <see cref="Matches"/> is asked next. Whoever may write into it waits meanwhile.</summary>
    /// <returns>False if no span of it can match.</returns>
    public bool Turn(Block block)
    {
        _block = block;
        if (_term.Field is "kind" or "error" or "span.duration")
            return true;
        _equal = _pattern.IsOneText ? block.Texts.Find(Encoding.UTF8.GetBytes(_term.Value)) : -1;
        _texts = NeedsTexts ? MatchingTexts(block.Texts) : null;
        _name = IsFreeText ? -1 : block.Texts.Find(Encoding.UTF8.GetBytes(_term.Field));
        _scopes = new bool[block.ScopeCount];
        for (var i = 0; i < _scopes.Length; i++)
        {
            _scopes[i] = _term.Field switch
            {
                // Who does not say its name is asked for by the words that stand there instead.
                "service" => block.ServiceNameOf(i) is var service and > 0 ? MatchesText(service) : _pattern.Matches(SpanDetails.NoService),
                "name" => false,
                _ => MatchesAttributesAt(block.ScopeOf(i).Start) || MatchesAttributesAt(block.ResourceStart(block.ScopeOf(i).Resource)),
            };
        }

        return _term.Field is "service" or "name" || (IsFreeText || _name >= 0) && (_canBeNoText || (_texts is null ? _equal >= 0 : Array.IndexOf(_texts, true) >= 0));
    }

    public bool Matches(ref SpanHead head) => _term.Field switch
    {
        "kind" => _kinds[head.Kind],
        "error" => head.Status == (byte)SpanStatusCode.Error == (_term.Value != "false"),
        "span.duration" => Compare(head.Duration),
        "name" => MatchesText(head.Name),
        "service" => _scopes[head.Scope],
        "" => MatchesText(head.Name) || _scopes[head.Scope] || MatchesRest(head.Rest),
        _ => _scopes[head.Scope] || MatchesRest(head.Rest),
    };

    bool MatchesAttributesAt(int at) => MatchesAttributes(ref at);

    bool MatchesRest(int at)
    {
        var parts = (SpanParts)_block.Rest[at++];
        if (parts.HasFlag(SpanParts.TraceState))
            _block.Varint(ref at);
        if (parts.HasFlag(SpanParts.StatusMessage) && MatchesText((int)_block.Varint(ref at)) && IsFreeText)
            return true;
        if (parts.HasFlag(SpanParts.Dropped))
        {
            _block.Varint(ref at);
            _block.Varint(ref at);
            _block.Varint(ref at);
        }

        if (MatchesAttributes(ref at))
            return true;
        if (!parts.HasFlag(SpanParts.Events))
            return false;
        for (var count = (int)_block.Varint(ref at); count > 0; count--)
        {
            _block.Varint(ref at);
            if (MatchesText((int)_block.Varint(ref at)) && IsFreeText || MatchesAttributes(ref at))
                return true;
        }

        return false;
    }

    bool MatchesAttributes(ref int at)
    {
        for (var count = (int)_block.Varint(ref at); count > 0; count--)
        {
            var name = (int)_block.Varint(ref at);
            if (IsFreeText && MatchesText(name) || MatchesValue(ref at, isAsked: IsFreeText || name == _name))
                return true;
        }

        return false;
    }

    bool MatchesValue(ref int at, bool isAsked)
    {
        var tag = (ValueTag)_block.Rest[at++];
        switch (tag)
        {
            case ValueTag.Text:
                var text = (int)_block.Varint(ref at);
                return isAsked && MatchesText(text);
            case ValueTag.False or ValueTag.True:
                return isAsked && _pattern.Matches(tag == ValueTag.True ? "true" : "false");
            case ValueTag.Int:
                var whole = _block.ZigZag(ref at);
                return isAsked && MatchesNumber(whole);
            case ValueTag.Double:
                at += 8;
                return isAsked && MatchesNumber(BinaryPrimitives.ReadDoubleLittleEndian(_block.Rest[(at - 8)..]));
            case ValueTag.Bytes:
                var length = (int)_block.Varint(ref at);
                at += length;
                return isAsked && _pattern.Matches(Convert.ToHexStringLower(_block.Rest.Slice(at - length, length)));
            case ValueTag.Array:
                var isMatch = false;
                for (var count = (int)_block.Varint(ref at); count > 0; count--)
                    isMatch |= MatchesValue(ref at, isAsked);
                return isMatch;
            case ValueTag.Map:
                isMatch = false;
                for (var count = (int)_block.Varint(ref at); count > 0; count--)
                {
                    var name = (int)_block.Varint(ref at);
                    isMatch |= MatchesValue(ref at, isAsked) || isAsked && IsFreeText && MatchesText(name);
                }

                return isMatch;
            default:
                return isAsked && _term.Operator == FilterOperator.Exists;
        }
    }

    bool MatchesText(int text) => _texts is { } texts ? text < texts.Length && texts[text] : _term.Operator == FilterOperator.Exists || text == _equal;

    bool MatchesNumber(double number) => _term.Operator switch
    {
        FilterOperator.Exists => true,
        FilterOperator.Equal when _pattern.IsOneText => number == _number,
        FilterOperator.Equal or FilterOperator.Contains => _pattern.Matches(number.ToString(CultureInfo.InvariantCulture)),
        _ => Compare(number),
    };

    bool Compare(double number) => _term.Compares(number, _number);

    bool[] MatchingTexts(StringTable texts)
    {
        var matching = new bool[texts.Count];
        if (_term.Operator == FilterOperator.Contains)
        {
            texts.MarkContaining(_term.Value, matching);
            return matching;
        }

        for (var number = 0; number < matching.Length; number++)
        {
            var text = texts[number];
            matching[number] = _term.Operator == FilterOperator.Equal ? _pattern.MatchesPieces(text) : Utf8Parser.TryParse(text, out double parsed, out var read) && read == text.Length && Compare(parsed);
        }

        return matching;
    }
}
