namespace Agent.Instrumentations;

/// <summary>A library, or a part of the framework, whose use is traced without a setting. agent/docs/libraries.md has the same rows.</summary>
/// <param name="Switch">The name in OTEL_DOTNET_AUTO_TRACES_{NAME}_INSTRUMENTATION_ENABLED; that of OpenTelemetry's .NET automatic instrumentation where it has one.</param>
/// <param name="Family">The switch of all that are like it; null if it is alone.</param>
/// <param name="Name">Its package; for ADO.NET providers also the name of the assembly with the command.</param>
/// <param name="Tried">The versions that were tried, the last one by the tests; empty if none was.</param>
sealed record Library(string Switch, string? Family, string Name, string Tried)
{
    /// <summary>
    /// Activity sources of its own that are listened to; exact names, because a single * makes the SDK compile a regular expression and
    /// match every source of the process with it. Only with an <see cref="Assembly"/> there may be one.
    /// </summary>
    public string[] Sources { get; init; } = [];

    /// <summary>The assembly without which its sources are not listened to.</summary>
    public string? Assembly { get; init; }

    /// <summary>The source of the instrumentation that apps may have for it in an OpenTelemetry of their own.</summary>
    public string? AppsSource { get; init; }

    /// <summary>The value of db.system.name, of an ADO.NET provider.</summary>
    public string? System { get; init; }

    /// <summary>What this product says in its SQL that others do not.</summary>
    public Data.SqlDialect Dialect { get; init; }

    /// <summary>The patch class that makes its spans, if it makes none itself.</summary>
    public Type? Patch { get; init; }

    /// <summary>There is one of each, so they are compared as objects, which is done for every command.</summary>
    public bool Equals(Library? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <summary>Whether its use is to be traced.</summary>
    public bool IsOn(Settings settings) => Switches.IsOn(settings, Switch, Family);
}
