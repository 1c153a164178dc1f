using System.Reflection;

namespace Agent;

/// <summary>What the host has found of the app's assemblies, whether or not it is loaded yet.</summary>
static class AppAssemblies
{
    /// <summary>Whether the app has an assembly.</summary>
    /// <param name="name">Its simple name.</param>
    public static bool Have(string name) =>
        AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") is string list && list.Contains($"{Path.DirectorySeparatorChar}{name}.dll", StringComparison.Ordinal);

    /// <summary>The same, and true where it is not known: nothing tells what is in a single file.</summary>
    public static bool MayHave(string name) => Have(name) || AreInOneFile;

    /// <summary>Whether the app has ASP.NET Core. In a single file with a framework of its own, where the host has no list, the app itself refers to it.</summary>
    public static bool HaveAspNetCore => Have("Microsoft.AspNetCore.Hosting") || AreReferredTo("Microsoft.AspNetCore");

    /// <summary>Whether the app may have a host, of ASP.NET Core or without it.</summary>
    public static bool HaveHosting => HaveAspNetCore || Have("Microsoft.Extensions.Hosting") || AreReferredTo("Microsoft.Extensions.Hosting");

    static bool AreReferredTo(string prefix) =>
        AreInOneFile && Array.Exists(Assembly.GetEntryAssembly()?.GetReferencedAssemblies() ?? [], name => name.Name!.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The runtime no longer says where it looks into it (BUNDLE_PROBE is not set in .NET 10); an assembly in it has no place of its own.</summary>
    static bool AreInOneFile => Assembly.GetEntryAssembly() is { Location: "" };
}
