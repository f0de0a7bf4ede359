<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ApplyText</name>
    <message numerus="yes">
        <source>The function %1 cannot be applied to %n argument(s).</source>
        <translation>
            <numerusform>The function %1 cannot be applied to %n argument.</numerusform>
            <numerusform>The function %1 cannot be applied to %n arguments.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BoostedText</name>
    <message numerus="yes">
        <source>The model has %n round(s); choose from 1 to that.</source>
        <translation>
            <numerusform>The model has %n round; choose from 1 to that.</numerusform>
            <numerusform>The model has %n rounds; choose from 1 to that.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FeatureFitText</name>
    <message numerus="yes">
        <source>“%1” is missing in %n training row(s). Say what is to replace missing values.</source>
        <translation>
            <numerusform>“%1” is missing in %n training row. Say what is to replace missing values.</numerusform>
            <numerusform>“%1” is missing in %n training rows. Say what is to replace missing values.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>“%1” has %n different value(s); each would become a column. Leave the column out, or group its values.</source>
        <translation>
            <numerusform>“%1” has %n different value; each would become a column. Leave the column out, or group its values.</numerusform>
            <numerusform>“%1” has %n different values; each would become a column. Leave the column out, or group its values.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>“%1” has %n value(s), nearly one for each row; such a column says little about new rows.</source>
        <translation>
            <numerusform>“%1” has %n value, nearly one for each row; such a column says little about new rows.</numerusform>
            <numerusform>“%1” has %n values, nearly one for each row; such a column says little about new rows.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SplitText</name>
    <message numerus="yes">
        <source>A test part of %1 of %n row(s) leaves none to train with. Give a share between 0 and 1.</source>
        <translation>
            <numerusform>A test part of %1 of %n row leaves none to train with. Give a share between 0 and 1.</numerusform>
            <numerusform>A test part of %1 of %n rows leaves none to train with. Give a share between 0 and 1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrainerText</name>
    <message numerus="yes">
        <source>The training has not converged: after %n step(s) the gradient is %1, which is above %2. Standardise the features, or use a stronger penalty.</source>
        <translation>
            <numerusform>The training has not converged: after %n step the gradient is %1, which is above %2. Standardise the features, or use a stronger penalty.</numerusform>
            <numerusform>The training has not converged: after %n steps the gradient is %1, which is above %2. Standardise the features, or use a stronger penalty.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) have no “%1” and were left out.</source>
        <translation>
            <numerusform>%n row has no “%1” and was left out.</numerusform>
            <numerusform>%n rows have no “%1” and were left out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TrainingTargetText</name>
    <message numerus="yes">
        <source>The class “%1” of “%2” has %n row(s) to train with; at least two are needed.</source>
        <translation>
            <numerusform>The class “%1” of “%2” has %n row to train with; at least two are needed.</numerusform>
            <numerusform>The class “%1” of “%2” has %n rows to train with; at least two are needed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>“%1” has %n different value(s), too many for classes. Use linear regression to predict a number.</source>
        <translation>
            <numerusform>“%1” has %n different value, too many for classes. Use linear regression to predict a number.</numerusform>
            <numerusform>“%1” has %n different values, too many for classes. Use linear regression to predict a number.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n training row(s) have a value of “%1”; at least two are needed.</source>
        <translation>
            <numerusform>%n training row has a value of “%1”; at least two are needed.</numerusform>
            <numerusform>%n training rows have a value of “%1”; at least two are needed.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::BindCommand</name>
    <message numerus="yes">
        <source>%n thing(s) left to bind</source>
        <translation>
            <numerusform>%n thing left to bind</numerusform>
            <numerusform>%n things left to bind</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::DriftLines</name>
    <message numerus="yes">
        <source> and %n more</source>
        <translation>
            <numerusform> and %n more</numerusform>
            <numerusform> and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::ImportCommand</name>
    <message numerus="yes">
        <source>%n file(s) written to %1</source>
        <translation>
            <numerusform>%n file written to %1</numerusform>
            <numerusform>%n files written to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::MachineCommands</name>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n warning(s)</source>
        <translation>
            <numerusform>%n warning</numerusform>
            <numerusform>%n warnings</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::MetricLines</name>
    <message numerus="yes">
        <source>%1 (%n row(s)):</source>
        <translation>
            <numerusform>%1 (%n row):</numerusform>
            <numerusform>%1 (%n rows):</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::ModelTraining</name>
    <message numerus="yes">
        <source>%1 trained on %n row(s) in %2 steps.</source>
        <translation>
            <numerusform>%1 trained on %n row in %2 steps.</numerusform>
            <numerusform>%1 trained on %n rows in %2 steps.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) have no label.</source>
        <translation>
            <numerusform>%n row has no label.</numerusform>
            <numerusform>%n rows have no label.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) could not be scored. %1</source>
        <translation>
            <numerusform>%n row could not be scored. %1</numerusform>
            <numerusform>%n rows could not be scored. %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::RoundtripCommand</name>
    <message numerus="yes">
        <source>%n pipeline(s) edited</source>
        <translation>
            <numerusform>%n pipeline edited</numerusform>
            <numerusform>%n pipelines edited</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::RunPrinter</name>
    <message numerus="yes">
        <source>… %n library frame(s); the whole traceback is in `slipwayctl show --json`</source>
        <translation>
            <numerusform>… %n library frame; the whole traceback is in `slipwayctl show --json`</numerusform>
            <numerusform>… %n library frames; the whole traceback is in `slipwayctl show --json`</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>  ! and %n more</source>
        <translation>
            <numerusform>  ! and %n more</numerusform>
            <numerusform>  ! and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::ScoreCommand</name>
    <message numerus="yes">
        <source>%n row(s) scored into %1 in %2.</source>
        <translation>
            <numerusform>%n row scored into %1 in %2.</numerusform>
            <numerusform>%n rows scored into %1 in %2.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) could not be scored:</source>
        <translation>
            <numerusform>%n row could not be scored:</numerusform>
            <numerusform>%n rows could not be scored:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::StoreText</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::TestCommand</name>
    <message numerus="yes">
        <source>%1: %n value(s) written</source>
        <translation>
            <numerusform>%1: %n value written</numerusform>
            <numerusform>%1: %n values written</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %n expectation(s) to change by hand</source>
        <translation>
            <numerusform>%1: %n expectation to change by hand</numerusform>
            <numerusform>%1: %n expectations to change by hand</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %n outcome(s) recorded</source>
        <translation>
            <numerusform>%1: %n outcome recorded</numerusform>
            <numerusform>%1: %n outcomes recorded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::TestReport</name>
    <message numerus="yes">
        <source>%n test(s)</source>
        <translation>
            <numerusform>%n test</numerusform>
            <numerusform>%n tests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n passed</source>
        <translation>
            <numerusform>%n passed</numerusform>
            <numerusform>%n passed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n mistake(s) in test files</source>
        <translation>
            <numerusform>%n mistake in test files</numerusform>
            <numerusform>%n mistakes in test files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ctl::ValidateCommand</name>
    <message numerus="yes">
        <source>%n pipeline(s)</source>
        <translation>
            <numerusform>%n pipeline</numerusform>
            <numerusform>%n pipelines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dataset(s)</source>
        <translation>
            <numerusform>%n dataset</numerusform>
            <numerusform>%n datasets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n linked service(s)</source>
        <translation>
            <numerusform>%n linked service</numerusform>
            <numerusform>%n linked services</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n trigger(s)</source>
        <translation>
            <numerusform>%n trigger</numerusform>
            <numerusform>%n triggers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n error(s)</source>
        <translation>
            <numerusform>%n error</numerusform>
            <numerusform>%n errors</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::BindSection</name>
    <message numerus="yes">
        <source>Bind %n linked service(s)</source>
        <translation>
            <numerusform>Bind %n linked service</numerusform>
            <numerusform>Bind %n linked services</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::BindingWatch</name>
    <message numerus="yes">
        <source>%n linked service(s) stand for nothing on this machine yet: what uses them cannot run.</source>
        <translation>
            <numerusform>%n linked service stands for nothing on this machine yet: what uses them cannot run.</numerusform>
            <numerusform>%n linked services stand for nothing on this machine yet: what uses them cannot run.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::BranchField</name>
    <message numerus="yes">
        <source>%n activities</source>
        <translation>
            <numerusform>%n activity</numerusform>
            <numerusform>%n activities</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::CanvasEditing</name>
    <message numerus="yes">
        <source>%n activities</source>
        <translation>
            <numerusform>%n activity</numerusform>
            <numerusform>%n activities</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::ChoiceField</name>
    <message numerus="yes">
        <source>At most %n character(s); a tab is written \t.</source>
        <translation>
            <numerusform>At most %n character; a tab is written \t.</numerusform>
            <numerusform>At most %n characters; a tab is written \t.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::ConversionPreview</name>
    <message numerus="yes">
        <source>%Ln row(s), all there are</source>
        <translation>
            <numerusform>%Ln row, all there are</numerusform>
            <numerusform>%Ln rows, all there are</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) from all over the source</source>
        <translation>
            <numerusform>%Ln row from all over the source</numerusform>
            <numerusform>%Ln rows from all over the source</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>the first %Ln row(s); there are more</source>
        <translation>
            <numerusform>the first %Ln row; there are more</numerusform>
            <numerusform>the first %Ln rows; there are more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln row(s) have too many or too few columns.</source>
        <translation>
            <numerusform>%Ln row has too many or too few columns.</numerusform>
            <numerusform>%Ln rows have too many or too few columns.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::CopyProgress</name>
    <message numerus="yes">
        <source>%Ln row(s)</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::CopySummary</name>
    <message numerus="yes">
        <source>%Ln file(s)</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::DatasetEditor</name>
    <message numerus="yes">
        <source>%n column(s) imported.</source>
        <translation>
            <numerusform>%n column imported.</numerusform>
            <numerusform>%n columns imported.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::DriftPanel</name>
    <message numerus="yes">
        <source>%n of %1 moved far from training</source>
        <translation>
            <numerusform>%n of %1 moved far from training</numerusform>
            <numerusform>%n of %1 moved far from training</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n moved</source>
        <translation>
            <numerusform>%n moved</numerusform>
            <numerusform>%n moved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of %1 moved from training</source>
        <translation>
            <numerusform>%n of %1 moved from training</numerusform>
            <numerusform>%n of %1 moved from training</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>PSI in %n runs of this activity; 0.1: moved, 0.25: moved far</source>
        <translation>
            <numerusform>PSI in %n runs of this activity; 0.1: moved, 0.25: moved far</numerusform>
            <numerusform>PSI in %n runs of this activity; 0.1: moved, 0.25: moved far</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::EngineSection</name>
    <message numerus="yes">
        <source>%n runs are under way.</source>
        <translation>
            <numerusform>%n run is under way.</numerusform>
            <numerusform>%n runs are under way.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::FactoryDocument</name>
    <message numerus="yes">
        <source>Remove %n item(s)</source>
        <translation>
            <numerusform>Remove %n item</numerusform>
            <numerusform>Remove %n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::FactoryTree</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… and %n more</numerusform>
            <numerusform>… and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::Format</name>
    <message numerus="yes">
        <source>%n day(s) ago</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::HomeText</name>
    <message numerus="yes">
        <source>%1 things need you.</source>
        <comment>the number in words, from two on</comment>
        <translation>
            <numerusform>%1 things need you.</numerusform>
            <numerusform>%1 things need you.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::MockForm</name>
    <message numerus="yes">
        <source>%n outcome(s) from %1.</source>
        <translation>
            <numerusform>%n outcome from %1.</numerusform>
            <numerusform>%n outcomes from %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Each of its %n iteration(s) has its own output, as in that run; this is the first. What is typed here is for all of them.</source>
        <translation>
            <numerusform>Each of its %n iteration has its own output, as in that run; this is the first. What is typed here is for all of them.</numerusform>
            <numerusform>Each of its %n iterations has its own output, as in that run; this is the first. What is typed here is for all of them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::ModelCard</name>
    <message numerus="yes">
        <source>%n level(s): %1</source>
        <translation>
            <numerusform>%n level: %1</numerusform>
            <numerusform>%n levels: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::ModelCharts</name>
    <message numerus="yes">
        <source>%Ln row(s) of the test part by score</source>
        <translation>
            <numerusform>%Ln row of the test part by score</numerusform>
            <numerusform>%Ln rows of the test part by score</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::NodeTray</name>
    <message numerus="yes">
        <source>%n activities</source>
        <translation>
            <numerusform>%n activity</numerusform>
            <numerusform>%n activities</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more ways</source>
        <translation>
            <numerusform>and %n more way</numerusform>
            <numerusform>and %n more ways</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::NotebookRunPage</name>
    <message numerus="yes">
        <source>%n succeeded</source>
        <translation>
            <numerusform>%n succeeded</numerusform>
            <numerusform>%n succeeded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not run</source>
        <translation>
            <numerusform>%n not run</numerusform>
            <numerusform>%n not run</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::NotebookView</name>
    <message numerus="yes">
        <source>%n cell(s)</source>
        <translation>
            <numerusform>%n cell</numerusform>
            <numerusform>%n cells</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::OpenFactory</name>
    <message numerus="yes">
        <source>Slipway ended without saving. Bring back %n step(s) of %1?</source>
        <translation>
            <numerusform>Slipway ended without saving. Bring back %n step of %1?</numerusform>
            <numerusform>Slipway ended without saving. Bring back %n steps of %1?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) are not saved: %1</source>
        <translation>
            <numerusform>%n file are not saved: %1</numerusform>
            <numerusform>%n files are not saved: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::PreviewTable</name>
    <message numerus="yes">
        <source>The first %n row(s); there are more.</source>
        <translation>
            <numerusform>The first row; there are more.</numerusform>
            <numerusform>The first %n rows; there are more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s), all there are.</source>
        <translation>
            <numerusform>%n row, all there are.</numerusform>
            <numerusform>%n rows, all there are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %n more.</source>
        <translation>
            <numerusform>… and %n more.</numerusform>
            <numerusform>… and %n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::ProblemsPanel</name>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Fix all %n of this kind</source>
        <translation>
            <numerusform>Fix all %n of this kind</numerusform>
            <numerusform>Fix all %n of this kind</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Fix %n problem(s)</source>
        <translation>
            <numerusform>Fix %n problem</numerusform>
            <numerusform>Fix %n problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::PropertyPanel</name>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::PublishDialog</name>
    <message numerus="yes">
        <source>%n file(s) become the first version. Triggers start only when you start them.</source>
        <translation>
            <numerusform>%n file become the first version. Triggers start only when you start them.</numerusform>
            <numerusform>%n files become the first version. Triggers start only when you start them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) since version %1. Runs under way keep their version.</source>
        <translation>
            <numerusform>%n change since version %1. Runs under way keep their version.</numerusform>
            <numerusform>%n changes since version %1. Runs under way keep their version.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RecentCard</name>
    <message numerus="yes">
        <source>%n pipelines</source>
        <translation>
            <numerusform>%n pipelines</numerusform>
            <numerusform>%n pipelines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RejectCommands</name>
    <message numerus="yes">
        <source>Load the corrected ones of the %n chosen row(s) into %1?</source>
        <translation>
            <numerusform>Load the %n chosen row into %1, when it is corrected?</numerusform>
            <numerusform>Load the corrected ones of the %n chosen rows into %1?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Load %n corrected row(s) into %1?</source>
        <translation>
            <numerusform>Load %n corrected row into %1?</numerusform>
            <numerusform>Load %n corrected rows into %1?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) are being loaded…</source>
        <translation>
            <numerusform>%n row is being loaded…</numerusform>
            <numerusform>%n rows are being loaded…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) were loaded</source>
        <translation>
            <numerusform>%n row was loaded</numerusform>
            <numerusform>%n rows were loaded</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>; %n row(s) were refused again.</source>
        <translation>
            <numerusform>; %n row was refused again.</numerusform>
            <numerusform>; %n rows were refused again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RejectsPanel</name>
    <message numerus="yes">
        <source>Load %n chosen row(s)</source>
        <translation>
            <numerusform>Load %n chosen row</numerusform>
            <numerusform>Load %n chosen rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RunCommands</name>
    <message numerus="yes">
        <source>%Ln run(s) started again.</source>
        <translation>
            <numerusform>%Ln run started again.</numerusform>
            <numerusform>%Ln runs started again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) are being cancelled.</source>
        <translation>
            <numerusform>%Ln run is being cancelled.</numerusform>
            <numerusform>%Ln runs are being cancelled.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) could not be cancelled.</source>
        <translation>
            <numerusform>%Ln run could not be cancelled.</numerusform>
            <numerusform>%Ln runs could not be cancelled.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RunFilterBar</name>
    <message numerus="yes">
        <source>%Ln pipeline(s)</source>
        <translation>
            <numerusform>%Ln pipeline</numerusform>
            <numerusform>%Ln pipelines</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RunListPage</name>
    <message numerus="yes">
        <source>%Ln run(s)</source>
        <translation>
            <numerusform>%Ln run</numerusform>
            <numerusform>%Ln runs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln running</source>
        <translation>
            <numerusform>%Ln running</numerusform>
            <numerusform>%Ln running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln queued</source>
        <translation>
            <numerusform>%Ln queued</numerusform>
            <numerusform>%Ln queued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln selected</source>
        <translation>
            <numerusform>%Ln selected</numerusform>
            <numerusform>%Ln selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln run(s) copied.</source>
        <translation>
            <numerusform>%Ln run copied.</numerusform>
            <numerusform>%Ln runs copied.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RunPage</name>
    <message numerus="yes">
        <source>%Ln activities did not start because of it.</source>
        <translation>
            <numerusform>%Ln activity did not start because of it.</numerusform>
            <numerusform>%Ln activities did not start because of it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RunStory</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::RunTableView</name>
    <message numerus="yes">
        <source>%Ln new run(s)</source>
        <translation>
            <numerusform>%Ln new run</numerusform>
            <numerusform>%Ln new runs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::Save</name>
    <message numerus="yes">
        <source>%n file(s) changed on disk since they were read (%1); nothing was saved. Keep yours or take theirs, then save again.</source>
        <translation>
            <numerusform>%n file changed on disk since they were read (%1); nothing was saved. Keep yours or take theirs, then save again.</numerusform>
            <numerusform>%n files changed on disk since they were read (%1); nothing was saved. Keep yours or take theirs, then save again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::SecretsSection</name>
    <message numerus="yes">
        <source>Delete %n secrets?</source>
        <translation>
            <numerusform>Delete %n secrets?</numerusform>
            <numerusform>Delete %n secrets?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::StatusLook</name>
    <message numerus="yes">
        <source>Succeeded, %n row(s) rejected</source>
        <translation>
            <numerusform>Succeeded, %n row rejected</numerusform>
            <numerusform>Succeeded, %n rows rejected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::StatusStrip</name>
    <message numerus="yes">
        <source>%n problem(s)</source>
        <translation>
            <numerusform>%n problem</numerusform>
            <numerusform>%n problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n unpublished change(s)</source>
        <translation>
            <numerusform>%n unpublished change</numerusform>
            <numerusform>%n unpublished changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>designer::Traceback</name>
    <message numerus="yes">
        <source>%n frame(s) in %1</source>
        <translation>
            <numerusform>%n frame in %1</numerusform>
            <numerusform>%n frames in %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::ArmFiles</name>
    <message numerus="yes">
        <source>%n file(s) of the import are there already, nothing was written: %1.</source>
        <translation>
            <numerusform>%n file of the import is there already, nothing was written: %1.</numerusform>
            <numerusform>%n files of the import are there already, nothing was written: %1.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::ArmFunctions</name>
    <message numerus="yes">
        <source>%1() does not take %n argument(s).</source>
        <translation>
            <numerusform>%1() does not take %n argument.</numerusform>
            <numerusform>%1() does not take %n arguments.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::CellRun</name>
    <message numerus="yes">
        <source>%n row(s) have no prediction.</source>
        <translation>
            <numerusform>%n row has no prediction.</numerusform>
            <numerusform>%n rows have no prediction.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s)</source>
        <translation>
            <numerusform>%1 row</numerusform>
            <numerusform>%1 rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s) written to %2</source>
        <translation>
            <numerusform>%1 row written to %2</numerusform>
            <numerusform>%1 rows written to %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::DriftTable</name>
    <message numerus="yes">
        <source>%1 row(s)</source>
        <translation>
            <numerusform>%1 row</numerusform>
            <numerusform>%1 rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::EngineService</name>
    <message numerus="yes">
        <source>%n run(s) are under way; wait for them, cancel them, or stop with --force (they are taken up at the next start).</source>
        <translation>
            <numerusform>%n run are under way; wait for them, cancel them, or stop with --force (they are taken up at the next start).</numerusform>
            <numerusform>%n runs are under way; wait for them, cancel them, or stop with --force (they are taken up at the next start).</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::Expectation</name>
    <message numerus="yes">
        <source>%n item(s)</source>
        <translation>
            <numerusform>%n item</numerusform>
            <numerusform>%n items</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::Expression</name>
    <message numerus="yes">
        <source>The index %1 is outside the array, which has %n item(s).</source>
        <translation>
            <numerusform>The index %1 is outside the array, which has %n item.</numerusform>
            <numerusform>The index %1 is outside the array, which has %n items.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>is %1, and the text has %n character(s).</source>
        <translation>
            <numerusform>is %1, and the text has %n character.</numerusform>
            <numerusform>is %1, and the text has %n characters.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>is %1, and only %n character(s) are left.</source>
        <translation>
            <numerusform>is %1, and only %n character is left.</numerusform>
            <numerusform>is %1, and only %n characters are left.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1() takes at least %n argument(s), %2 given.</source>
        <translation>
            <numerusform>%1() takes at least %n argument, %2 given.</numerusform>
            <numerusform>%1() takes at least %n arguments, %2 given.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1() takes %n argument(s), %2 given.</source>
        <translation>
            <numerusform>%1() takes %n argument, %2 given.</numerusform>
            <numerusform>%1() takes %n arguments, %2 given.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::Factory</name>
    <message numerus="yes">
        <source>%1 holds %n factories; choose one of them: %2.</source>
        <translation>
            <numerusform>%1 holds %n factories; choose one of them: %2.</numerusform>
            <numerusform>%1 holds %n factories; choose one of them: %2.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::LocalMachine</name>
    <message numerus="yes">
        <source>The clock was moved by %n minute(s) since the engine started.</source>
        <translation>
            <numerusform>The clock was moved by %n minute since the engine started.</numerusform>
            <numerusform>The clock was moved by %n minutes since the engine started.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::PostgresDecoder</name>
    <message numerus="yes">
        <source>a number of about %n digit(s)</source>
        <translation>
            <numerusform>a number of about %n digit</numerusform>
            <numerusform>a number of about %n digits</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::PostgresStore</name>
    <message numerus="yes">
        <source>%n table(s)</source>
        <translation>
            <numerusform>%n table</numerusform>
            <numerusform>%n tables</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::PublishedVersions</name>
    <message numerus="yes">
        <source>Nothing was published: %n error(s) to mend first.</source>
        <translation>
            <numerusform>Nothing was published: %n error to mend first.</numerusform>
            <numerusform>Nothing was published: %n errors to mend first.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::ShownTable</name>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n row</numerusform>
            <numerusform>%n rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n column(s)</source>
        <translation>
            <numerusform>%n column</numerusform>
            <numerusform>%n columns</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::SqliteStore</name>
    <message numerus="yes">
        <source>%n table(s)</source>
        <translation>
            <numerusform>%n table</numerusform>
            <numerusform>%n tables</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::TriggerLoop</name>
    <message numerus="yes">
        <source>The clock jumped by %n minute(s) to %1. Triggers wait until it has been steady for 30 seconds.</source>
        <translation>
            <numerusform>The clock jumped by %n minute to %1. Triggers wait until it has been steady for 30 seconds.</numerusform>
            <numerusform>The clock jumped by %n minutes to %1. Triggers wait until it has been steady for 30 seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>engine::Validation</name>
    <message numerus="yes">
        <source>Nothing in the pipeline uses %n of its parameter(s): %1.</source>
        <translation>
            <numerusform>Nothing in the pipeline uses %n of its parameters: %1.</numerusform>
            <numerusform>Nothing in the pipeline uses %n of its parameters: %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Nothing in the pipeline reads %n of its variable(s): %1.</source>
        <translation>
            <numerusform>Nothing in the pipeline reads %n of its variables: %1.</numerusform>
            <numerusform>Nothing in the pipeline reads %n of its variables: %1.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dependency(s) say nothing, for another one waits for the same: %1.</source>
        <translation>
            <numerusform>%n dependency says nothing, for another one waits for the same: %1.</numerusform>
            <numerusform>%n dependencies say nothing, for another one waits for the same: %1.</numerusform>
        </translation>
    </message>
</context>
</TS>
