namespace Agent.Viewer;

/// <summary>Draws a stretch of time as block characters on a common scale, exact to half a column.</summary>
static class TimeBar
{
    /// <summary>A text of exactly <paramref name="width"/> characters. What is shorter than a quarter of a column becomes a thin stroke.</summary>
    public static string Draw(ulong start, ulong end, ulong scaleStart, ulong scaleEnd, int width)
    {
        // Multiplied first, divided then: a quarter of the scale must be exactly a quarter of the width.
        var (halves, scale) = (2.0 * width, Math.Max(1, scaleEnd - scaleStart));
        var (from, to) = ((start - scaleStart) * halves / scale, (Math.Max(start, end) - scaleStart) * halves / scale);
        var first = Math.Min((int)from, 2 * width - 1);
        var last = Math.Max(first, Math.Min((int)Math.Ceiling(to), 2 * width) - 1);
        var isThin = to - from < 0.5 && first == last;
        return string.Create(width, (first, last, isThin), static (cells, bar) =>
        {
            for (var cell = 0; cell < cells.Length; cell++)
            {
                var left = bar.first <= 2 * cell && 2 * cell <= bar.last;
                var right = bar.first <= 2 * cell + 1 && 2 * cell + 1 <= bar.last;
                cells[cell] = (left, right) switch
                {
                    (true, true) => '█',
                    (true, false) => bar.isThin ? '▏' : '▌',
                    (false, true) => bar.isThin ? '▕' : '▐',
                    _ => ' ',
                };
            }
        });
    }
}
