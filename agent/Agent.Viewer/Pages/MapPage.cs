using Agent.Viewer.Storage;

namespace Agent.Viewer.Pages;

/// <summary>A service on the map.</summary>
/// <param name="Name">Its name.</param>
/// <param name="X">The left edge of its box.</param>
/// <param name="Y">The upper edge.</param>
public sealed record MapService(string Name, double X, double Y);

/// <summary>Calls on the map.</summary>
/// <param name="Calls">The calls.</param>
/// <param name="Path">The line, for svg's <c>d</c>.</param>
/// <param name="LabelX">Where its label stands.</param>
/// <param name="LabelY">Likewise.</param>
/// <param name="Width">How thick it is.</param>
public sealed record MapCalls(Dependency Calls, string Path, double LabelX, double LabelY, double Width);

/// <summary>Who calls whom.</summary>
public sealed class MapPage
{
    /// <summary>A box's width.</summary>
    public const double BoxWidth = 170;

    /// <summary>A box's height.</summary>
    public const double BoxHeight = 40;

    const double ColumnGap = 190;
    const double RowGap = 44;

    /// <summary>Puts the services into columns: callers left of whom they call.</summary>
    public MapPage(Frame frame, IReadOnlyList<string> services, IReadOnlyList<Dependency> calls)
    {
        (Frame, Calls) = (frame, calls);
        var columns = Columns(services, calls);
        var placed = new Dictionary<string, MapService>();
        var callers = calls.ToLookup(static call => call.Child, static call => call.Parent);
        foreach (var column in columns.GroupBy(static pair => pair.Value).OrderBy(static group => group.Key))
        {
            // Near those that call them, so that lines cross seldom.
            var row = 0;
            foreach (var service in column.Select(static pair => pair.Key).OrderBy(name => callers[name].Where(placed.ContainsKey)
                .Select(caller => placed[caller].Y).DefaultIfEmpty(0).Average()).ThenBy(static name => name, StringComparer.Ordinal))
                placed.Add(service, new(service, 10 + column.Key * (BoxWidth + ColumnGap), 20 + row++ * (BoxHeight + RowGap)));
        }

        Services = [.. placed.Values];
        Width = Services.Select(static service => service.X + BoxWidth).DefaultIfEmpty(0).Max() + 10;
        Height = Services.Select(static service => service.Y + BoxHeight).DefaultIfEmpty(0).Max() + 30;
        var most = Math.Max(1, calls.Select(static call => call.Calls).DefaultIfEmpty(1).Max());
        Lines = [.. calls.Where(call => placed.ContainsKey(call.Parent) && placed.ContainsKey(call.Child)).Select(call => Line(call, placed[call.Parent], placed[call.Child], most))];
    }

    /// <summary>What is around it.</summary>
    public Frame Frame { get; }

    /// <summary>The boxes.</summary>
    public IReadOnlyList<MapService> Services { get; }

    /// <summary>The calls, most first.</summary>
    public IReadOnlyList<Dependency> Calls { get; }

    /// <summary>The lines.</summary>
    public IReadOnlyList<MapCalls> Lines { get; }

    /// <summary>The picture's width.</summary>
    public double Width { get; }

    /// <summary>The picture's height.</summary>
    public double Height { get; }

    /// <summary>The traces in which one service called the other.</summary>
    public static string ListHref(Dependency call) => new ListQuery
    {
        Q = TraceFilter.Of([new("service", FilterOperator.Equal, call.Parent), new("service", FilterOperator.Equal, call.Child)]).ToString(),
    }.Href();

    static MapCalls Line(Dependency call, MapService from, MapService to, int most)
    {
        var width = 1.2 + 3.5 * Math.Log(1 + call.Calls) / Math.Log(1 + most);
        var (y1, y2) = (from.Y + BoxHeight / 2, to.Y + BoxHeight / 2);
        if (to.X > from.X)
        {
            var (x1, x2) = (from.X + BoxWidth, to.X - 6);
            var middle = (x1 + x2) / 2;
            return new(call, FormattableString.Invariant($"M{x1} {y1}C{middle} {y1} {middle} {y2} {x2} {y2}"), middle, (y1 + y2) / 2 - 6, width);
        }

        // Back, or within a column: below the boxes.
        var (x3, x4, low) = (from.X + BoxWidth / 2, to.X + BoxWidth / 2 + 20, Math.Max(from.Y, to.Y) + BoxHeight + 26);
        return new(call, FormattableString.Invariant($"M{x3} {from.Y + BoxHeight}C{x3} {low} {x4} {low} {x4} {to.Y + BoxHeight + 6}"), (x3 + x4) / 2, low, width);
    }

    // The longest way from a service that nobody calls; calls in a circle do not count.
    static Dictionary<string, int> Columns(IReadOnlyList<string> services, IReadOnlyList<Dependency> calls)
    {
        var columns = services.Concat(calls.SelectMany(static call => (string[])[call.Parent, call.Child])).Distinct().ToDictionary(static name => name, static _ => 0);
        var children = calls.ToLookup(static call => call.Parent, static call => call.Child);
        var reached = calls.Select(static call => call.Child).Distinct().ToDictionary(static name => name, name => Reached(children, name));
        Dependency[] forward = [.. calls.Where(call => !reached[call.Child].Contains(call.Parent))];
        for (var (round, isMoved) = (0, true); isMoved && round < columns.Count; round++)
        {
            isMoved = false;
            foreach (var call in forward.Where(call => columns[call.Child] <= columns[call.Parent]))
            {
                columns[call.Child] = columns[call.Parent] + 1;
                isMoved = true;
            }
        }

        return columns;
    }

    static HashSet<string> Reached(ILookup<string, string> children, string from)
    {
        var (seen, open) = (new HashSet<string> { from }, new Stack<string>([from]));
        while (open.TryPop(out var service))
        {
            foreach (var child in children[service].Where(seen.Add))
                open.Push(child);
        }

        return seen;
    }
}
