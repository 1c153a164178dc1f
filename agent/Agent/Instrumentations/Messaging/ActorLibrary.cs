namespace Agent.Instrumentations.Messaging;

/// <summary>A library of actors.</summary>
/// <param name="system">The value of messaging.system.</param>
/// <param name="names">Its assemblies.</param>
/// <param name="parts">What follows the first part of the names of its other assemblies.</param>
sealed class ActorLibrary(string system, string[] names, string[] parts)
{
    public string System { get; } = system;

    /// <summary>Whether messages of this type are the library's own talk. An app's assembly may be called Akka.Shop.</summary>
    public bool Has(Type message)
    {
        var name = message.Assembly.GetName().Name ?? "";
        return names.Contains(name) || (name.Split('.') is [var first, var second, ..] && names[0].Split('.')[0] == first && parts.Contains(second));
    }
}
