using System.Reflection;

namespace HarmonyLib.Tests.Documentation;

/// <summary>What AccessTools finds, and that it finds nothing rather than fail.</summary>
[TestClass]
public sealed class AccessToolsPageTests
{
    class Base
    {
        readonly int _field = 1;
        static string Hidden { get; set; } = "";

        public Base(int value) => _field = value + Hidden.Length;

        public int Overloaded(int value) => value + _field;

        static T Generic<T>(T value) => value;

        sealed class Nested { }
    }

    sealed class Child : Base
    {
        static readonly object s_own = new();

        static Child() { }

        Child() : base(1) { }

        public Child(string text) : base(text.Length) { }

        public string Own { get; private set; } = s_own.ToString()!;

        public char this[int index] => Own[index];

        public char this[string text] { get => text[0]; set => Own = text + value; }

        public string Overloaded(string value) => value + Own;

        public IEnumerable<int> Iterate()
        {
            yield return Own.Length;
        }
    }

    const string Name = "HarmonyLib.Tests.Documentation.AccessToolsPageTests+Child";

    [TestMethod]
    public void Types_by_name()
    {
        Assert.AreSame(typeof(Child), AccessTools.TypeByName(Name));
        Assert.AreSame(typeof(Child), AccessTools.TypeByName($"{Name}, Agent.Harmony.Tests"));
        Assert.AreSame(typeof(Child), AccessTools.TypeByName(typeof(Child).AssemblyQualifiedName!));
        Assert.AreSame(typeof(Uri), AccessTools.TypeByName("System.Uri"));
        Assert.IsNull(AccessTools.TypeByName($"{Name}, System.Runtime"));
        Assert.IsNull(AccessTools.TypeByName("No.Such.Type"));
        Assert.IsNull(AccessTools.TypeByName("No.Such.Type, No.Such.Assembly"));
    }

    [TestMethod]
    public void Inner_types()
    {
        Assert.AreEqual("Nested", AccessTools.Inner(typeof(Child), "Nested")!.Name);
        Assert.IsNull(AccessTools.Inner(typeof(Child), "Missing"));
        Assert.AreSame(typeof(Child), AccessTools.FirstInner(typeof(AccessToolsPageTests), type => type.Name == "Child"));
        Assert.IsNull(AccessTools.FirstInner(typeof(Child), type => type.Name == "Nested"));
    }

    [TestMethod]
    public void Fields()
    {
        Assert.AreSame(typeof(Base), AccessTools.Field(typeof(Child), "_field")!.DeclaringType);
        Assert.IsNotNull(AccessTools.Field($"{Name}:_field"));
        Assert.IsNull(AccessTools.DeclaredField(typeof(Child), "_field"));
        Assert.IsNull(AccessTools.DeclaredField($"{Name}:_field"));
        Assert.IsNotNull(AccessTools.DeclaredField($"{Name}:s_own"));
        Assert.Contains("s_own", AccessTools.GetDeclaredFields(typeof(Child)).Select(field => field.Name));
        Assert.IsNull(AccessTools.Field("No.Such.Type:field"));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.Field("no colon"));
    }

    [TestMethod]
    public void Properties_and_indexers()
    {
        Assert.AreSame(typeof(Base), AccessTools.Property(typeof(Child), "Hidden")!.DeclaringType);
        Assert.IsNotNull(AccessTools.Property($"{Name}:Own"));
        Assert.IsNull(AccessTools.DeclaredProperty(typeof(Child), "Hidden"));
        Assert.IsNull(AccessTools.DeclaredProperty($"{Name}:Hidden"));
        Assert.AreEqual("get_Hidden", AccessTools.PropertyGetter(typeof(Child), "Hidden")!.Name);
        Assert.AreEqual("set_Hidden", AccessTools.PropertySetter($"{Name}:Hidden")!.Name);
        Assert.AreEqual("get_Own", AccessTools.PropertyGetter($"{Name}:Own")!.Name);
        Assert.AreEqual("set_Own", AccessTools.PropertySetter(typeof(Child), "Own")!.Name);
        Assert.AreEqual("get_Own", AccessTools.DeclaredPropertyGetter(typeof(Child), "Own")!.Name);
        Assert.AreEqual("set_Own", AccessTools.DeclaredPropertySetter($"{Name}:Own")!.Name);
        Assert.IsNull(AccessTools.DeclaredPropertyGetter($"{Name}:Hidden"));
        Assert.IsNull(AccessTools.DeclaredPropertySetter(typeof(Child), "Hidden"));
        Assert.AreEqual(typeof(int), AccessTools.DeclaredIndexer(typeof(Child), [typeof(int)])!.GetIndexParameters().Single().ParameterType);
        Assert.IsNull(AccessTools.DeclaredIndexerSetter(typeof(Child), [typeof(int)]));
        Assert.IsNotNull(AccessTools.DeclaredIndexerSetter(typeof(Child), [typeof(string)]));
        Assert.ThrowsExactly<AmbiguousMatchException>(() => AccessTools.DeclaredIndexerGetter(typeof(Child)));
        Assert.HasCount(3, AccessTools.GetDeclaredProperties(typeof(Child)));
    }

    [TestMethod]
    public void Methods()
    {
        Assert.AreSame(typeof(Child), AccessTools.Method(typeof(Child), "Overloaded")!.DeclaringType);
        Assert.AreSame(typeof(Base), AccessTools.Method(typeof(Child), "Overloaded", [typeof(int)])!.DeclaringType);
        Assert.AreEqual("Int32 Generic[Int32](Int32)", AccessTools.Method(typeof(Child), "Generic", generics: [typeof(int)])!.ToString());
        Assert.AreEqual("Overloaded", AccessTools.Method($"{Name}:Overloaded", [typeof(int)])!.Name);
        Assert.IsNull(AccessTools.DeclaredMethod(typeof(Child), "Generic"));
        Assert.IsNull(AccessTools.DeclaredMethod($"{Name}:Overloaded", [typeof(int)]));
        Assert.IsNull(AccessTools.Method(typeof(Child), "Missing"));
        Assert.AreEqual("Iterate", AccessTools.FirstMethod(typeof(Child), method => method.ReturnType == typeof(IEnumerable<int>))!.Name);
        Assert.Contains("Iterate", AccessTools.GetDeclaredMethods(typeof(Child)).Select(method => method.Name));
        Assert.DoesNotContain("Generic", AccessTools.GetDeclaredMethods(typeof(Child)).Select(method => method.Name));
        Assert.AreEqual("MoveNext", AccessTools.EnumeratorMoveNext(AccessTools.Method(typeof(Child), "Iterate")!)!.Name);
        Assert.ThrowsExactly<AmbiguousMatchException>(() => AccessTools.Method(typeof(string), nameof(string.IndexOf)));
    }

    [TestMethod]
    public void Constructors()
    {
        Assert.IsTrue(AccessTools.Constructor(typeof(Child))!.IsPrivate);
        Assert.AreSame(typeof(Base), AccessTools.Constructor(typeof(Child), [typeof(int)])!.DeclaringType);
        Assert.IsNull(AccessTools.DeclaredConstructor(typeof(Child), [typeof(int)]));
        Assert.IsNotNull(AccessTools.DeclaredConstructor(typeof(Child), [typeof(string)]));
        Assert.IsTrue(AccessTools.Constructor(typeof(Child), searchForStatic: true)!.IsStatic);
        Assert.IsNull(AccessTools.DeclaredConstructor(typeof(Base)), "it takes something");
        Assert.HasCount(3, AccessTools.GetDeclaredConstructors(typeof(Child)));
        Assert.HasCount(2, AccessTools.GetDeclaredConstructors(typeof(Child), searchForStatic: false));
        Assert.HasCount(1, AccessTools.GetDeclaredConstructors(typeof(Child), searchForStatic: true));
    }
}
