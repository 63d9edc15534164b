package org.perseid.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The boundaries of ARCHITECTURE.md. */
@AnalyzeClasses(packages = "org.perseid", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String RENDERER = "org.perseid.renderer..";
    private static final String MODEL = "org.perseid.renderer.model..";

    @ArchTest
    static final ArchRule theRendererKnowsNoOtherModule =
            noClasses()
                    .that()
                    .resideInAPackage(RENDERER)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.perseid.io..",
                            "org.perseid.compositing..",
                            "org.perseid.streaming..",
                            "org.perseid.web..",
                            "org.perseid.app..");

    @ArchTest
    static final ArchRule readersAndWritersKnowOnlyTheRenderersModel =
            classes()
                    .that()
                    .resideInAPackage("org.perseid.io..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "org.perseid.io..",
                            MODEL,
                            "java..",
                            "javax..",
                            "org.jspecify..",
                            "io.jhdf..",
                            "nom.tam..",
                            "de.siegmar..",
                            "org.codehaus..");

    @ArchTest
    static final ArchRule modulesDoNotSeeEachOther =
            slices().matching("org.perseid.(io|compositing|streaming)..")
                    .should()
                    .notDependOnEachOther()
                    .allowEmptyShould(true);

    @ArchTest
    static final ArchRule compositingKnowsPlanesAndPeersOnly =
            noClasses()
                    .that()
                    .resideInAPackage("org.perseid.compositing..")
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching(
                            "org\\.perseid\\.(web|app|io|streaming)\\..*|org\\.perseid\\.renderer\\.(?!model\\.(Peers|Joining|Ending|Levels|OffHeap|AgreedException)).*");

    @ArchTest
    static final ArchRule theWebServerKnowsOnlyWhatItServes =
            classes()
                    .that()
                    .resideInAPackage("org.perseid.web..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "org.perseid.web..",
                            "org.perseid.streaming..",
                            "java..",
                            "javax..",
                            "org.jspecify..",
                            "io.undertow..",
                            "org.xnio..");

    @ArchTest
    static final ArchRule theStreamingLibraryKnowsPicturesOnly =
            noClasses()
                    .that()
                    .resideInAPackage("org.perseid.streaming..")
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching(
                            "org\\.perseid\\.(web|app|io|compositing)\\..*|org\\.perseid\\.renderer\\.(?!model\\.(Picture|Workers|Camera|Vec3)).*");

    @ArchTest
    static final ArchRule backEndsKnowSplatsAndPixelsOnly =
            noClasses()
                    .that()
                    .resideInAPackage("org.perseid.renderer.backend..")
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching(
                            "org\\.perseid\\.renderer\\.(frame\\..*|neighbours\\..*|model\\.(Camera|ColorMap|ParticleSet|TypeStyle))");

    @ArchTest
    static final ArchRule theModelKnowsNothing =
            noClasses()
                    .that()
                    .resideInAPackage(MODEL)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.perseid.renderer.frame..",
                            "org.perseid.renderer.backend..",
                            "org.perseid.renderer.neighbours..");

    @ArchTest
    static final ArchRule theRendererReadsNoFilesOfUsers =
            noClasses()
                    .that()
                    .resideInAPackage(RENDERER)
                    .and()
                    .doNotHaveSimpleName("OffHeap")
                    .and()
                    .doNotHaveSimpleName("KernelSource") // its own resource
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("java.nio.file..", "java.io..");

    @ArchTest
    static final ArchRule onlyTheCommandLineTalksToTheConsole =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("org.perseid.app..")
                    .should()
                    .accessField(System.class, "out")
                    .orShould()
                    .accessField(System.class, "err");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("org.perseid.(*).(*)..").should().beFreeOfCycles();
}
