using System.Globalization;
using Agent.Viewer.Storage;

namespace Agent.Viewer.Pages;

/// <summary>One place in two sides of a comparison.</summary>
/// <param name="Level">How deep it is, 1 for a root.</param>
/// <param name="A">The place on the first side; null if it is only on the other.</param>
/// <param name="B">The place on the second side; null if it is only on the other.</param>
public sealed record ComparedPlace(int Level, CallPlace? A, CallPlace? B)
{
    /// <summary>The place, whichever side has it.</summary>
    public CallPlace Place => (B ?? A)!;
}

/// <summary>A side of a comparison.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Href">Where it is shown; null for nowhere.</param>
/// <param name="Tree">Its requests in one tree.</param>
/// <param name="MedianNano">The duration that half of its requests do not exceed, in nanoseconds.</param>
public sealed record ComparedSide(string Title, string? Href, CallTree Tree, ulong MedianNano);

/// <summary>Two traces, or a route before and after a moment, place by place.</summary>
public sealed class ComparePage
{
    // More than anybody scrolls through.
    const int MostRows = 20_000;

    /// <summary>Compares.</summary>
    public ComparePage(Frame frame, ComparedSide a, ComparedSide b, string note = "")
    {
        (Frame, A, B) = (frame, a, b);
        var rows = Compare(a.Tree, b.Tree);
        Rows = rows.Count <= MostRows ? rows : [.. rows.Take(MostRows)];
        Note = rows.Count <= MostRows ? note : string.Create(CultureInfo.InvariantCulture, $"{note} {rows.Count - MostRows:N0} more rows are left out.").Trim();
        MostNano = Rows.Select(row => Math.Max(Total(row.A, a), Total(row.B, b))).Append(1UL).Max();
    }

    /// <summary>What is around it.</summary>
    public Frame Frame { get; }

    /// <summary>The first side.</summary>
    public ComparedSide A { get; }

    /// <summary>The second side.</summary>
    public ComparedSide B { get; }

    /// <summary>What else is to be said; empty if nothing.</summary>
    public string Note { get; }

    /// <summary>The places of both, as one reads a tree.</summary>
    public IReadOnlyList<ComparedPlace> Rows { get; }

    /// <summary>The longest duration of a place, in nanoseconds.</summary>
    public ulong MostNano { get; }

    /// <summary>What a place took in one request, on average, in nanoseconds.</summary>
    public static ulong Total(CallPlace? place, ComparedSide side) => place is null ? 0 : place.TotalNano / (ulong)Math.Max(1, side.Tree.Requests);

    /// <summary>Its own time in one request, on average, in nanoseconds.</summary>
    public static ulong Self(CallPlace? place, ComparedSide side) => place is null ? 0 : place.SelfNano / (ulong)Math.Max(1, side.Tree.Requests);

    /// <summary>How much more the second side's own time is, in nanoseconds; negative if less.</summary>
    public long DeltaNano(ComparedPlace row) => Difference(Self(row.A, A), Self(row.B, B));

    /// <summary>How much more the second one is; as far as a number can say it.</summary>
    public static long Difference(ulong a, ulong b) => (long)Int128.Clamp((Int128)b - a, -long.MaxValue, long.MaxValue);

    /// <summary>Whether the difference is worth a look: a twentieth of the whole request.</summary>
    public bool IsNotable(ComparedPlace row) => (UInt128)Math.Abs(DeltaNano(row)) * 20 >= Math.Max(A.MedianNano, B.MedianNano);

    /// <summary>«+1.2 ms».</summary>
    public static string Signed(long nano) => nano == 0 ? "0" : (nano > 0 ? "+" : "−") + DurationText.Format((ulong)Math.Abs(nano));

    /// <summary>Both trees in one: what is at the same place is beside each other.</summary>
    public static IReadOnlyList<ComparedPlace> Compare(CallTree a, CallTree b)
    {
        var rows = new List<ComparedPlace>();
        var open = new Stack<ComparedPlace>();
        Push(a.Top, b.Top, 1);
        while (open.TryPop(out var row))
        {
            rows.Add(row);
            Push(row.A, row.B, row.Level + 1);
        }

        return rows;

        // In the order of the second side, what only the first has after what it follows there.
        void Push(CallPlace? left, CallPlace? right, int level)
        {
            var unmatched = new Dictionary<(string, string, SpanCategory), Queue<CallPlace>>();
            foreach (var place in left?.Children ?? [])
            {
                if (!unmatched.TryGetValue((place.Name, place.Service, place.Category), out var alike))
                    unmatched.Add((place.Name, place.Service, place.Category), alike = new());
                alike.Enqueue(place);
            }

            var both = new Queue<ComparedPlace>((right?.Children ?? []).Select(place => new ComparedPlace(
                level, unmatched.GetValueOrDefault((place.Name, place.Service, place.Category)) is { Count: > 0 } alike ? alike.Dequeue() : null, place)));
            var only = unmatched.Values.SelectMany(static alike => alike).ToHashSet();
            var pairs = new List<ComparedPlace>();
            foreach (var (at, place) in (left?.Children ?? []).Index().Where(indexed => only.Contains(indexed.Item)))
            {
                while (pairs.Count < at && both.TryDequeue(out var before))
                    pairs.Add(before);
                pairs.Add(new(level, place, null));
            }

            pairs.AddRange(both);
            pairs.Reverse();
            foreach (var pair in pairs)
                open.Push(pair);
        }
    }
}

/// <summary>Asks for what to compare.</summary>
/// <param name="Frame">What is around it.</param>
/// <param name="A">The id of the first trace, as far as it was said.</param>
/// <param name="B">The id of the second trace, likewise.</param>
/// <param name="Others">Traces to compare the first one with.</param>
public sealed record CompareChoicePage(Frame Frame, string A, string B, IReadOnlyList<TraceSummary> Others);
