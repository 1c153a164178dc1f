using Microsoft.VisualStudio.TestTools.UnitTesting;

[assembly: DoNotParallelize]

namespace Checkup;

/// <summary>A user's test project: a program of its own (Microsoft.Testing.Platform), which VSTest can run too. One test fails.</summary>
[TestClass]
public sealed class SumTests
{
    [TestMethod]
    public void Two_and_two() => Assert.AreEqual(4, Enumerable.Repeat(2, 2).Sum());

    [TestMethod]
    public void Three_and_three() => Assert.AreEqual(33, Enumerable.Repeat(3, 2).Sum());

    /// <summary>Which an app that is started by a test inherits.</summary>
    [TestMethod]
    public void Environment_is_as_it_was() => Assert.AreEqual(Environment.GetEnvironmentVariable("CHECKUP_HOOKS"), Environment.GetEnvironmentVariable("DOTNET_STARTUP_HOOKS"));
}
