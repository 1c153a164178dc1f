using System.Text.RegularExpressions;

namespace Agent.Tracing;

/// <summary>Names of activity sources, some with * and ?, as the SDK's AddSource reads them.</summary>
sealed class SourceNames
{
    readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    readonly List<Regex> _patterns = [];

    public SourceNames(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (name.AsSpan().IndexOfAny('*', '?') < 0)
                _names.Add(name);
            else
                _patterns.Add(new Regex($"^{Regex.Escape(name).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));
        }
    }

    /// <summary>What has been added to a builder, of whatever copy of the SDK; null if it does not tell.</summary>
    /// <param name="sdkBuilder">The SDK's own, of which the public ones are wrappers.</param>
    /// <param name="without">What somebody has added once, which does not count: what is there another time does.</param>
    public static SourceNames? Of(object sdkBuilder, IEnumerable<string>? without = null)
    {
        if (sdkBuilder.GetType().GetProperty("Sources")?.GetValue(sdkBuilder) is not IEnumerable<string> names)
            return null;
        List<string> left = [.. names];
        foreach (var name in without ?? [])
            left.Remove(name);
        return new SourceNames(left);
    }

    public bool Contain(string name) => _names.Contains(name) || _patterns.Exists(pattern => pattern.IsMatch(name));
}
