using System.Reflection;

namespace HarmonyLib.Tests;

/// <summary>The assembly that has HarmonyLib's name.</summary>
[TestClass]
public sealed class CompatTests
{
    [TestMethod]
    [TestCategory("NotUnderWine")]
    public void It_forwards_every_type_and_has_none()
    {
        var folder = typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(item => item.Key == "AgentFolder").Value!;
        var facade = Assembly.LoadFrom(Path.Combine(folder, "net10.0", "compat", "0Harmony.dll"));
        Assert.AreEqual(new Version(2, 4, 2, 0), facade.GetName().Version);
        Assert.IsEmpty(facade.GetTypes().Where(static type => type.IsPublic));
        CollectionAssert.AreEquivalent(typeof(Harmony).Assembly.GetExportedTypes().Where(static type => type != typeof(LoadedAssemblies)).ToList(), facade.GetForwardedTypes());
    }
}
