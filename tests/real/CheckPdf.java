// SPDX-License-Identifier: EUPL-1.2
// Whether each file complies with PDF/UA-1 and with PDF/A-2a, by veraPDF. Prints what fails; exit 1 when anything does.
import java.io.File;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class CheckPdf {
    private static final PDFAFlavour[] STANDARDS = {PDFAFlavour.PDFUA_1, PDFAFlavour.PDFA_2_A};
    private static final int FAULTS_SHOWN = 10;

    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        boolean good = files.length > 0;
        for (String file : files) {
            for (PDFAFlavour standard : STANDARDS) {
                good &= complies(new File(file), standard);
            }
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean complies(File file, PDFAFlavour standard) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(file, standard);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(standard, false)) {
            ValidationResult found = validator.validate(parser);
            System.out.println(file.getName() + " " + standard + " " + (found.isCompliant() ? "complies" : "FAILS"));
            found.getTestAssertions().stream()
                .filter(one -> one.getStatus() == TestAssertion.Status.FAILED)
                .limit(FAULTS_SHOWN)
                .forEach(one -> System.out.println("  " + one.getRuleId().getClause() + " " + one.getMessage()));
            return found.isCompliant();
        }
    }
}
