using System.Reflection;

namespace HarmonyLib.Tests.Documentation;

/// <summary>What delegates and references are made of a member, and what is refused; values by reference; types as they are.</summary>
public sealed partial class UtilitiesPageTests
{
    interface ISpeaks { string Speak(int times); }

    class Dog : ISpeaks
    {
        public virtual string Speak(int times) => $"dog {times}";
    }

    sealed class Puppy : Dog
    {
        public override string Speak(int times) => $"puppy {times}";
    }

    struct Robot(int number) : ISpeaks
    {
        public int Number = number;
        public static int Made = 3;

        public string Speak(int times) => $"robot {Number += times}";
    }

    sealed class Kennel
    {
        public static string Name = "kennel";
        public readonly string Owner = "Ada";
        public DayOfWeek Day = DayOfWeek.Monday;
    }

    static readonly MethodInfo OfInterface = AccessTools.Method(typeof(ISpeaks), nameof(ISpeaks.Speak))!;
    static readonly MethodInfo OfDog = AccessTools.Method(typeof(Dog), nameof(Dog.Speak))!;
    static readonly MethodInfo OfPuppy = AccessTools.Method(typeof(Puppy), nameof(Puppy.Speak))!;
    static readonly MethodInfo OfRobot = AccessTools.Method(typeof(Robot), nameof(Robot.Speak))!;

    static string Closed(MethodInfo method, object instance, bool isVirtual) => AccessTools.MethodDelegate<Func<int, string>>(method, instance, isVirtual)(2);

    static string Open<T>(MethodInfo method, T instance, bool isVirtual) => AccessTools.MethodDelegate<Func<T, int, string>>(method, virtualCall: isVirtual)(instance, 2);

    [TestMethod]
    public void Delegates_of_an_object_call_virtually_or_not()
    {
        Assert.AreEqual("puppy 2", Closed(OfDog, new Puppy(), isVirtual: true));
        Assert.AreEqual("dog 2", Closed(OfDog, new Puppy(), isVirtual: false));
        Assert.AreEqual("dog 2", Closed(OfPuppy, new Dog(), isVirtual: true)); // what it overrides is meant
        Assert.AreEqual("puppy 2", Closed(OfPuppy, new Puppy(), isVirtual: false));
        Assert.AreEqual("robot 3", Closed(OfRobot, new Robot(1), isVirtual: false));
        Assert.ThrowsExactly<ArgumentException>(() => Closed(OfPuppy, new Dog(), isVirtual: false));
    }

    [TestMethod]
    public void Delegates_that_take_the_object_call_virtually_or_not()
    {
        Assert.AreEqual("puppy 2", Open<Dog>(OfDog, new Puppy(), isVirtual: true));
        Assert.AreEqual("dog 2", Open<Dog>(OfDog, new Puppy(), isVirtual: false));
        Assert.AreEqual("dog 2", Open(OfPuppy, new Dog(), isVirtual: true));
        Assert.AreEqual("puppy 2", Open<ISpeaks>(OfDog, new Puppy(), isVirtual: true));
        Assert.AreEqual("robot 3", Open<ISpeaks>(OfRobot, new Robot(1), isVirtual: true));
        Assert.AreEqual("robot 3", Open(OfRobot, new Robot(1), isVirtual: false));
        Assert.ThrowsExactly<ArgumentException>(() => Open(OfPuppy, new Dog(), isVirtual: false));
        Assert.ThrowsExactly<ArgumentException>(() => Open<ISpeaks>(OfDog, new Dog(), isVirtual: false));
    }

    [TestMethod]
    public void Delegates_of_an_interface_always_call_virtually()
    {
        Assert.AreEqual("puppy 2", Closed(OfInterface, new Puppy(), isVirtual: true));
        Assert.AreEqual("puppy 2", Open<ISpeaks>(OfInterface, new Puppy(), isVirtual: true));
        Assert.AreEqual("puppy 2", Open<Dog>(OfInterface, new Puppy(), isVirtual: true));
        Assert.AreEqual("robot 3", Open(OfInterface, new Robot(1), isVirtual: true));
        Assert.ThrowsExactly<ArgumentException>(() => Closed(OfInterface, new Dog(), isVirtual: false));
        Assert.ThrowsExactly<ArgumentException>(() => Open<ISpeaks>(OfInterface, new Dog(), isVirtual: false));
        Assert.ThrowsExactly<ArgumentException>(() => Open(OfInterface, new Robot(1), isVirtual: false));
    }

    [TestMethod]
    public void Delegates_that_do_not_fit()
    {
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.MethodDelegate<Action>(OfInterface));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.MethodDelegate<Func<bool>>(OfDog));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.MethodDelegate<Action<string>>(OfPuppy));
        Assert.ThrowsExactly<ArgumentNullException>(() => AccessTools.MethodDelegate<Action>((MethodInfo)null!));
    }

    [TestMethod]
    public void References_to_static_fields()
    {
        var field = AccessTools.Field(typeof(Kennel), nameof(Kennel.Name))!;
        AccessTools.StaticFieldRefAccess<Kennel, string>(nameof(Kennel.Name)) = "house";
        Assert.AreEqual("house", AccessTools.FieldRefAccess<object, object>(field)());
        Assert.AreEqual("house", AccessTools.FieldRefAccess<string>(typeof(Kennel), nameof(Kennel.Name))());
        Assert.AreEqual(3, AccessTools.FieldRefAccess<int>(typeof(Robot), nameof(Robot.Made))());
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.FieldRefAccess<Kennel, string>(nameof(Kennel.Name)));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.FieldRefAccess<Kennel, string>(new Kennel(), field));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.FieldRefAccess<int, string>(field));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.StructFieldRefAccess<Robot, int>(nameof(Robot.Made)));
        Kennel.Name = "kennel";
    }

    [TestMethod]
    public void References_to_fields_of_objects()
    {
        var field = AccessTools.Field(typeof(Kennel), nameof(Kennel.Owner))!;
        var kennel = new Kennel();
        AccessTools.FieldRefAccess<Kennel, object>(field)(kennel) = "Bob";
        Assert.AreEqual("Bob", AccessTools.FieldRefAccess<object, string>(kennel, field));
        AccessTools.FieldRefAccess<Kennel, int>(nameof(Kennel.Day))(kennel) = 5; // an enumeration as what it is made of
        Assert.AreEqual(DayOfWeek.Friday, kennel.Day);
        Assert.ThrowsExactly<NullReferenceException>(() => AccessTools.FieldRefAccess<Kennel, string>(field)());
        Assert.ThrowsExactly<ArgumentNullException>(() => AccessTools.FieldRefAccess<Kennel, string>(null!, field));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.FieldRefAccess<object, string>("no kennel", field));
        Assert.ThrowsExactly<ArgumentException>(() => AccessTools.FieldRefAccess<Kennel, uint>(nameof(Kennel.Day)));
    }

    static int Count(ref int number, ref string text, Robot robot, out DayOfWeek day)
    {
        (number, text, day) = (number + 1, text + number, DayOfWeek.Sunday + number);
        return robot.Number;
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void An_invoker_writes_values_into_new_objects_or_into_the_old_ones(bool isDirect)
    {
        object number = 1;
        object?[] arguments = [number, "a", new Robot(7), null];
        Assert.AreEqual(7, MethodInvoker.GetHandler(Method(typeof(UtilitiesPageTests), nameof(Count)), isDirect)(null, arguments));
        Assert.AreEqual(2, arguments[0]);
        Assert.AreEqual(isDirect ? 2 : 1, number);
        Assert.AreEqual("a1", arguments[1]);
        Assert.AreEqual(DayOfWeek.Monday, arguments[3]);
    }

    [TestMethod]
    public void An_invoker_changes_a_struct_where_it_is()
    {
        object robot = new Robot(1);
        Assert.AreEqual("robot 3", MethodInvoker.GetHandler(OfRobot, directBoxValueAccess: true)(robot, 2));
        Assert.AreEqual("puppy 2", MethodInvoker.GetHandler(OfDog, directBoxValueAccess: true)(new Puppy(), 2));
    }

    [TestMethod]
    public void Types_say_themselves_what_AccessTools_says_of_them()
    {
        Assert.AreSame(AccessTools.Method(typeof(Puppy), nameof(Dog.Speak)), typeof(Puppy).Method(nameof(Dog.Speak)));
        Assert.AreEqual(typeof(Ancestor), typeof(Person).FindIncludingBaseTypes(type => type.DeclaredField("_inherited"))?.DeclaringType);
        Assert.AreEqual(3, typeof(Robot).StaticFieldRefAccess<int>(nameof(Robot.Made)));
        Assert.IsTrue(typeof(Robot).IsStruct() && typeof(Dog).IsClass() && typeof(int).IsNumber() && typeof(void).IsVoid());
        Assert.Contains(nameof(Kennel.Day), typeof(Kennel).GetFieldNames());
        Assert.AreEqual(0, typeof(int).GetDefaultValue());
        CollectionAssert.Contains(typeof(UtilitiesPageTests).InnerTypes().ToList(), typeof(Robot));
        CollectionAssert.AreEqual(new[] { typeof(int), typeof(object), typeof(string) }, AccessTools.GetTypes([1, null, "a"]));
        Assert.IsEmpty(AccessTools.GetTypes(null));
    }

    [TestMethod]
    public void Every_extension_does_what_AccessTools_does()
    {
        foreach (var extension in typeof(AccessToolsExtensions).GetMethods(BindingFlags.Public | BindingFlags.Static))
            Assert.IsNotNull(Array.Find(typeof(AccessTools).GetMethods(), method => method.Name == extension.Name && method.ReturnType.ToString() == extension.ReturnType.ToString() && method.GetParameters().Length == extension.GetParameters().Length), extension.Name);
    }

    [TestMethod]
    public void Switches_are_kept()
    {
        Harmony.SetSwitch("Some", true);
        Assert.IsTrue(Harmony.TryIsSwitchEnabled("Some", out var isEnabled) && isEnabled);
        Harmony.SetSwitch("Some", "path");
        Assert.IsTrue(Harmony.TryGetSwitch("Some", out var value));
        Assert.AreEqual("path", value);
        Assert.IsFalse(Harmony.TryIsSwitchEnabled("Some", out isEnabled) || isEnabled);
        Harmony.ClearSwitch("Some");
        Assert.IsFalse(Harmony.TryGetSwitch("Some", out _));
    }
}
