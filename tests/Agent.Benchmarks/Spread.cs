namespace Agent.Benchmarks;

/// <summary>A median and the quartiles around it.</summary>
readonly record struct Spread(double Low, double Median, double High)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Spread(At(0.25), At(0.5), At(0.75));

        double At(double part)
        {
            var at = part * (sorted.Length - 1);
            var (below, above) = (sorted[(int)at], sorted[(int)Math.Ceiling(at)]);
            return below + at % 1 * (above - below);
        }
    }

    public string Format(string format) => $"{Median.ToString(format)} ({Low.ToString(format)} – {High.ToString(format)})";
}
