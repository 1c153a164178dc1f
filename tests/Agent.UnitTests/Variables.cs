namespace Agent.UnitTests;

/// <summary>Environment variables of a process that is not this one.</summary>
static class Variables
{
    /// <summary>«NAME=value» each; what is not listed is not set.</summary>
    public static Func<string, string?> Of(params string[] set)
    {
        var values = set.ToDictionary(item => item[..item.IndexOf('=', StringComparison.Ordinal)], item => item[(item.IndexOf('=', StringComparison.Ordinal) + 1)..]);
        return name => values.GetValueOrDefault(name);
    }
}
