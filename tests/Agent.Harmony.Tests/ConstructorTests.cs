using System.Runtime.CompilerServices;
namespace HarmonyLib.Tests;

/// <summary>Constructors of classes, structs and generic types.</summary>
[TestClass]
public sealed class ConstructorTests : PatchingTest
{
    class Base
    {
        public int Length;

        public Base(int length)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length);
            Length = length;
        }
    }

    sealed class Child : Base
    {
        public string Name;
        public int Initialized = 3;

        public Child(string name, int length) : base(length) => Name = name;

        public Child() : this("default", 7) { }
    }

    struct Point
    {
        public int X, Y;

        public Point(int x, int y) => (X, Y) = (x, y);
    }

    sealed class Pair<T>(T first, T second)
    {
        public T First = first, Second = second;
    }

    static void SeeName(string name) => Seen.Add(name);
    static void SeeChild(Child __instance) => Seen.Add($"{__instance.Name} {__instance.Length} {__instance.Initialized}");
    static void SeeException(Exception? __exception) => Seen.Add(__exception?.GetType());

    [TestMethod]
    public void Patches_see_arguments_before_and_the_object_after()
    {
        Patch(AccessTools.Constructor(typeof(Child), [typeof(string), typeof(int)])!, SeeName, SeeChild, SeeException);
        var child = new Child("Ada", 4);
        Assert.AreEqual(("Ada", 4, 3), (child.Name, child.Length, child.Initialized));
        AssertSeen("Ada", "Ada 4 3", null);
    }

    [TestMethod]
    public void A_constructor_that_another_one_calls()
    {
        Patch(AccessTools.Constructor(typeof(Child), [typeof(string), typeof(int)])!, prefix: SeeName);
        Patch(AccessTools.Constructor(typeof(Child), [])!, postfix: SeeChild);
        Assert.AreEqual("default", new Child().Name);
        AssertSeen("default", "default 7 3");
    }

    [TestMethod]
    public void A_base_constructor_that_throws()
    {
        Patch(AccessTools.Constructor(typeof(Child), [typeof(string), typeof(int)])!, SeeName, SeeChild, SeeException);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new Child("Ada", -1));
        AssertSeen("Ada", typeof(ArgumentOutOfRangeException));
    }

    static void Longer(ref int length) => length += 10;
    static void Rename(Child __instance) => __instance.Name += "!";

    [TestMethod]
    public void Patches_change_arguments_and_the_object()
    {
        Patch(AccessTools.Constructor(typeof(Child), [typeof(string), typeof(int)])!, Longer, Rename);
        var child = new Child("Ada", 4);
        Assert.AreEqual(("Ada!", 14), (child.Name, child.Length));
    }

    static bool Skip() => false;

    [TestMethod]
    public void A_skipped_constructor_leaves_the_fields_at_their_defaults()
    {
        Patch(AccessTools.Constructor(typeof(Child), [typeof(string), typeof(int)])!, prefix: Skip);
        var child = new Child("Ada", 4);
        Assert.AreEqual((null, 0, 0), (child.Name, child.Length, child.Initialized));
    }

    static void SeePoint(Point __instance) => Seen.Add((__instance.X, __instance.Y));
    static void MovePoint(ref Point __instance) => __instance.X += 100;

    [TestMethod]
    public void A_constructor_of_a_struct_whose_instance_the_patch_changes()
    {
        Patch(AccessTools.Constructor(typeof(Point), [typeof(int), typeof(int)])!, postfix: SeePoint, finalizer: MovePoint);
        var point = new Point(1, 2);
        Assert.AreEqual((101, 2), (point.X, point.Y));
        AssertSeen((1, 2));
    }

    static void SeePair(object __instance, object first) => Seen.Add($"{__instance.GetType().GenericTypeArguments[0].Name} {first}");

    [TestMethod]
    public void A_constructor_of_a_generic_class_for_every_instantiation()
    {
        Patch(typeof(Pair<>).GetConstructors().Single(), postfix: SeePair);
        Assert.AreEqual("b", new Pair<string>("a", "b").Second);
        Assert.AreEqual(2, new Pair<int>(1, 2).Second);
        Assert.AreEqual(4, new Pair<long>(3, 4).Second);
        AssertSeen("String a", "Int32 1", "Int64 3");
    }

    [TestMethod]
    public void Patching_a_constructor_returns_a_method_that_stands_for_it()
    {
        var constructor = AccessTools.Constructor(typeof(Child), [])!;
        var replacement = Guarded.Patch(constructor, postfix: new HarmonyMethod(SeeChild));
        Assert.IsTrue(replacement.IsStatic);
        Assert.AreSame(typeof(Child), replacement.GetParameters().Single().ParameterType);
        replacement.Invoke(null, [RuntimeHelpers.GetUninitializedObject(typeof(Child))]);
        Assert.HasCount(1, Seen);
        Assert.AreSame(constructor, Guarded.GetPatchedMethods().Single());
    }
}
