using System.Buffers;
using System.IO.Hashing;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Agent.Viewer.Storage;

/// <summary>
/// The different texts of a <see cref="Block"/> as UTF-8, each once, by number. Only grows. Not thread-safe, except that texts of numbers
/// that were handed on can be read while others are added.
/// </summary>
sealed class StringTable
{
    // So that nobody can send texts that all fall into one bucket.
    static readonly long Seed = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8));

    const int LeastBytes = 8192;
    const int LeastTexts = 256;

    byte[] _texts = new byte[LeastBytes];
    int[] _ends = new int[LeastTexts];
    int[] _buckets = new int[2 * LeastTexts]; // number + 1, at the place of its hash or behind it
    uint[] _hashes = new uint[LeastTexts];

    public StringTable() => Add([]);

    /// <summary>How many texts there are; number 0 is the empty one.</summary>
    public int Count { get; private set; }

    /// <summary>The memory it takes.</summary>
    public long Bytes => _texts.Length + 4L * (_ends.Length + _buckets.Length + _hashes.Length);

    int Length => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>The text of a number.</summary>
    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            var start = number == 0 ? 0 : _ends[number - 1];
            return _texts.AsSpan(start, _ends[number] - start);
        }
    }

    /// <summary>The text of a number.</summary>
    public string Text(int number) => number == 0 ? "" : Encoding.UTF8.GetString(this[number]);

    /// <summary>The number of a text, which is added if it is new. What is no UTF-8 is replaced, so that a text is found by what is shown of it.</summary>
    public int Add(ReadOnlySpan<byte> text)
    {
        var hash = Hash(text);
        var place = Place(text, hash);
        if (_buckets[place] is var number and > 0)
            return number - 1;
        if (!Utf8.IsValid(text))
            return Add(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text)));
        if (Count == _ends.Length)
        {
            Array.Resize(ref _hashes, Count * 2);
            Array.Resize(ref _ends, Count * 2);
            Spread(Count * 4);
            place = Place(text, hash);
        }

        var length = Length;
        if (text.Length > _texts.Length - length)
            Array.Resize(ref _texts, Math.Max(_texts.Length * 2, checked(length + text.Length)));
        text.CopyTo(_texts.AsSpan(length));
        (_ends[Count], _hashes[Count]) = (length + text.Length, hash);
        _buckets[place] = Count + 1;
        return Count++;
    }

    /// <summary>The number of a text; -1 if it is not here.</summary>
    public int Find(ReadOnlySpan<byte> text) => _buckets[Place(text, Hash(text))] - 1;

    /// <summary>Marks the texts that contain another one, upper and lower case alike.</summary>
    public void MarkContaining(string part, Span<bool> marks)
    {
        // Almost always all of them are ASCII: then they are searched at once, as one long text.
        var all = _texts.AsSpan(0, Length);
        var characters = ArrayPool<char>.Shared.Rent(all.Length);
        try
        {
            if (part.Length > 0 && Ascii.ToUtf16(all, characters, out _) == OperationStatus.Done)
            {
                var number = 0;
                for (var at = 0; characters.AsSpan(at, all.Length - at).IndexOf(part, StringComparison.OrdinalIgnoreCase) is var found and >= 0;)
                {
                    at += found;
                    while (_ends[number] <= at)
                        number++;
                    marks[number] |= at + part.Length <= _ends[number];
                    at = marks[number] ? _ends[number] : at + 1;
                }

                return;
            }
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }

        for (var number = 0; number < Count; number++)
            marks[number] = Text(number).Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Forgets the texts from a number on, and gives back their memory.</summary>
    public void Cut(int count)
    {
        // What was added last is on no other one's way to its place, so it can be taken out of the buckets as it is.
        while (Count > count)
        {
            var (number, mask) = (--Count, _buckets.Length - 1);
            var place = (int)_hashes[number] & mask;
            while (_buckets[place] != number + 1)
                place = (place + 1) & mask;
            _buckets[place] = 0;
        }

        if (_texts.Length > LeastBytes && _texts.Length > 4L * Length)
            Array.Resize(ref _texts, Math.Max(LeastBytes, 2 * Length));
        if (_ends.Length <= LeastTexts || _ends.Length <= 4L * Count)
            return;
        var size = Math.Max(LeastTexts, (int)BitOperations.RoundUpToPowerOf2((uint)Count));
        Array.Resize(ref _ends, size);
        Array.Resize(ref _hashes, size);
        Spread(2 * size);
    }

    /// <summary>Gives back the memory that further texts would take.</summary>
    public void Trim()
    {
        Array.Resize(ref _texts, Length);
        Array.Resize(ref _ends, Count);
        Array.Resize(ref _hashes, Count);
    }

    // Where the text's number stands or would stand.
    int Place(ReadOnlySpan<byte> text, uint hash)
    {
        var mask = _buckets.Length - 1;
        for (var place = (int)hash & mask; ; place = (place + 1) & mask)
        {
            var number = _buckets[place] - 1;
            if (number < 0 || _hashes[number] == hash && text.SequenceEqual(this[number]))
                return place;
        }
    }

    void Spread(int size)
    {
        var (buckets, mask) = (new int[size], size - 1);
        for (var number = 0; number < Count; number++)
        {
            var place = (int)_hashes[number] & mask;
            while (buckets[place] != 0)
                place = (place + 1) & mask;
            buckets[place] = number + 1;
        }

        _buckets = buckets;
    }

    static uint Hash(ReadOnlySpan<byte> text) => (uint)LongHash(text);

    /// <summary>A hash that nobody can foresee.</summary>
    public static ulong LongHash(ReadOnlySpan<byte> bytes) => XxHash3.HashToUInt64(bytes, Seed);
}
